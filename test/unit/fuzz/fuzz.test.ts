import { expect } from 'chai';
import { join } from 'node:path';
import { createRandom } from '../../../src/sample/random.js';
import { Checker } from '../../fuzz/check.js';
import { readCorpus, seeds } from '../../fuzz/corpus.js';
import { mutate } from '../../fuzz/mutate.js';
import { tempDir } from '../../support/temp-dir.js';

const SEED = 20_260;
/** Inputs made from those that are kept; `npm run fuzz` makes more, and looks for what is new in them. */
const MADE = 400;

/** What always holds of decoding and mapping: `test/fuzz/decode-oracle.ts` and `test/fuzz/map-oracle.ts` say what. */
describe('what always holds', function () {
  this.timeout(120_000);

  it('holds for every input that fuzzing has kept', async () => {
    const checker = new Checker();
    const corpus = readCorpus();
    expect(corpus.length).to.be.above(20);
    for (const input of [...seeds(), ...corpus]) await checker.check(input);
  });

  it(`holds for ${MADE} inputs made from them, seed ${SEED}`, async () => {
    const checker = new Checker();
    const random = createRandom(SEED);
    const known = [...seeds(), ...readCorpus()];
    for (let i = 0; i < MADE; i++) {
      const input = mutate(random.pick(known), random, () => random.pick(known));
      await checker.check(input).catch((error: Error) => {
        throw new Error(`${error.message}, input ${i}: ${input.toString('base64')}`, { cause: error });
      });
    }
  });
});

describe('the corpus of fuzzing', () => {
  it('must not be empty', async () => {
    const folder = await tempDir();
    expect(() => readCorpus(folder)).to.throw('the corpus is empty');
  });

  it('must not be missing', async () => {
    const folder = join(await tempDir(), 'none');
    expect(() => readCorpus(folder)).to.throw('ENOENT');
  });
});
