import { expect } from 'chai';
import type { Family, Fault } from '../../chaos/fault.js';
import { writeScript } from '../../chaos/script.js';
import { killsOf, shapes } from '../../chaos/shapes.js';
import { isKill } from '../../chaos/proof.js';
import { shortRun } from '../../chaos/short-run.js';
import { LOCK_OUT_MS, weatherOf } from '../../chaos/weather.js';

const MINUTE_MS = 60_000;
const familiesOf = (minutes: number, kills: number): readonly Family[] =>
  shapes.all.families({ kills, forMs: minutes * MINUTE_MS });
const scriptOf = (seed: number, minutes: number, kills = killsOf('all', minutes)) =>
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

  const kindsOf = (families: readonly Family[]): string[] =>
    families.flatMap(({ name, kinds }) => Object.keys(kinds).map((kind) => `${name}: ${kind}`));
  const planned = (script: readonly Fault[]): Set<string> =>
    new Set(script.map(({ family, kind }) => `${family}: ${kind}`));

  it('has every kind of fault there is when it is ten minutes long', () => {
    expect([...planned(scriptOf(7, 10))]).to.have.members(kindsOf(familiesOf(10, 40)));
  });

  for (const [engine, seed] of Object.entries(shortRun.seeds))
    it(`has every kind but those of long runs in the short run of the tests on ${engine}`, () => {
      const families = familiesOf(shortRun.minutes, shortRun.kills);
      const short = families.filter(({ name }) => name !== 'refusals, long' && name !== 'objects, many');
      const script = scriptOf(seed, shortRun.minutes, shortRun.kills);
      expect([...planned(script)]).to.have.members(kindsOf(short));
    });

  it('has nothing that must meet a bulk request while credentials are refused for minutes', () => {
    const { lockOutMs = NaN } = weatherOf(10 * MINUTE_MS);
    const script = scriptOf(7, 10);
    const within = script.filter(({ atMs }) => atMs >= lockOutMs && atMs < lockOutMs + LOCK_OUT_MS);
    const families = new Set(within.map(({ family }) => family));
    expect(families).to.include('refusals, long').and.to.include('disk');
    expect(families).to.not.include.any.keys('wire', 'refusals', 'streams', 'process');
  });

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`has one outage, and time after it, with seed ${seed}`, () => {
      const [outage, ...others] = writeScript(seed, MINUTE_MS, shapes.outage.families({ kills: 0, forMs: MINUTE_MS }));
      expect(others).to.deep.equal([]);
      expect((outage?.atMs ?? MINUTE_MS) + (outage?.amount ?? 0)).to.be.below(MINUTE_MS);
    });

    it(`has at least 200 kills in the long run of the process alone, with seed ${seed}`, () => {
      const families = shapes.process.families({ kills: killsOf('process', 12), forMs: 12 * MINUTE_MS });
      const script = writeScript(seed, 12 * MINUTE_MS, families);
      expect(script.filter(({ family, kind }) => isKill(`${family}: ${kind}`))).to.have.length.of.at.least(200);
    });
  }
});
