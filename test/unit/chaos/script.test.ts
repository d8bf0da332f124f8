import { expect } from 'chai';
import type { Family } from '../../chaos/fault.js';
import { writeScript } from '../../chaos/script.js';
import { shapes } from '../../chaos/shapes.js';

const MINUTE_MS = 60_000;
const familiesOf = (minutes: number, kills: number): readonly Family[] =>
  shapes.all.families({ kills, forMs: minutes * MINUTE_MS });
const scriptOf = (seed: number, minutes: number, kills = 20 * minutes) =>
  writeScript(seed, minutes * MINUTE_MS, familiesOf(minutes, kills));

describe('a script of faults', () => {
  it('is the same for the same seed', () => {
    expect(scriptOf(7, 10)).to.deep.equal(scriptOf(7, 10));
  });

  it('is another one for another seed', () => {
    expect(scriptOf(7, 2)).to.not.deep.equal(scriptOf(8, 2));
  });

  it('keeps the faults of a family where they are when another family is left out', () => {
    const families = familiesOf(2, 40);
    const without = families.filter(({ name }) => name !== 'wire');
    const whole = writeScript(7, 2 * MINUTE_MS, families);
    expect(writeScript(7, 2 * MINUTE_MS, without)).to.deep.equal(whole.filter(({ family }) => family !== 'wire'));
  });

  it('is in the order of time, and within the time of the run', () => {
    const times = scriptOf(7, 2).map(({ atMs }) => atMs);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(times.every((atMs) => atMs >= 0 && atMs < 2 * MINUTE_MS)).to.equal(true);
  });

  it('has every kind of fault there is when it is ten minutes long', () => {
    const planned = new Set(scriptOf(7, 10).map(({ family, kind }) => `${family}: ${kind}`));
    const known = familiesOf(10, 200).flatMap(({ name, kinds }) =>
      Object.keys(kinds).map((kind) => `${name}: ${kind}`),
    );
    expect([...planned]).to.have.members(known);
  });

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`has one outage, and time after it, with seed ${seed}`, () => {
      const [outage, ...others] = writeScript(seed, MINUTE_MS, shapes.outage.families({ kills: 0, forMs: MINUTE_MS }));
      expect(others).to.deep.equal([]);
      expect((outage?.atMs ?? MINUTE_MS) + (outage?.amount ?? 0)).to.be.below(MINUTE_MS);
    });

    it(`has at least 200 kills in ten minutes with seed ${seed}`, () => {
      expect(scriptOf(seed, 10).filter(({ kind }) => kind.startsWith('kill -9'))).to.have.length.of.at.least(200);
    });
  }
});
