import { expect } from 'chai';
import { readAttacks } from '../../hostile/fixtures.js';
import { inflatedBytes } from '../../support/inflated-bytes.js';
import { decodeAll } from '../decode/support.js';

/** Deflate makes at most so many bytes of one. */
const MOST_EXPANSION = 1032;
const CHUNK_BYTES = 256;

describe('a bomb', function () {
  this.timeout(60_000);

  for (const bomb of readAttacks().filter(({ limits }) => limits?.maxExpandedBytes !== undefined)) {
    const limit = bomb.limits?.maxExpandedBytes ?? 0;

    it(`is inflated up to the limit and no further than the piece that reaches it: ${bomb.name}`, async () => {
      const bytes = await inflatedBytes(() => decodeAll(bomb.bytes, bomb.limits, [CHUNK_BYTES]));
      expect(bytes).to.be.within(limit, limit + CHUNK_BYTES * MOST_EXPANSION);
    });
  }
});
