import { expect } from 'chai';
import { techniques } from '../../src/rules/attack.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runPython } from '../support/python-tools.js';

interface Known {
  readonly name: string;
  readonly tactics: readonly string[];
  readonly url: string;
}

describe("the table of techniques beside MITRE's", () => {
  let known: Readonly<Record<string, Known>>;

  before(async function () {
    known = (await startOrSkip(this, () => runPython('attack_names.py', {}))) as typeof known;
  });

  for (const { id, name, url, tactics } of techniques())
    it(`has ${id} as it is`, () => {
      const theirs = known[id];
      const phases = tactics.map(({ phase }) => phase).sort();
      expect({ name, url, phases }).to.deep.equal({
        name: theirs?.name,
        url: theirs?.url,
        phases: [...(theirs?.tactics ?? [])].sort(),
      });
    });
});
