import { expect } from 'chai';
import { durationMs, stretchesOf, windowsOf } from '../../../src/rules/period.js';

interface Row {
  readonly slot: number;
  readonly events: number;
}

const row = (slot: number, events = 1): Row => ({ slot, events });
const events = (rows: readonly Row[]): number => rows.reduce((sum, one) => sum + one.events, 0);

describe('windows over a period', () => {
  it('are two slots long, so that what crosses a border is in one of them', () => {
    const counts = windowsOf([row(7, 30), row(8, 30)], events).map(({ found }) => found);
    expect(Math.max(...counts)).to.equal(60);
  });

  it('do not reach over an empty slot', () => {
    const counts = windowsOf([row(7, 30), row(9, 30)], events).map(({ found }) => found);
    expect(counts).to.deep.equal([30, 30]);
  });

  it('that follow each other are one stretch with the most that was found in one of them', () => {
    const stretches = stretchesOf(windowsOf([row(1, 5), row(2, 9), row(3, 2)], events));
    expect(stretches.map(({ rows, found }) => [rows.length, found])).to.deep.equal([[3, 14]]);
  });

  it('that are apart are stretches of their own', () => {
    const stretches = stretchesOf(windowsOf([row(1), row(2), row(9)], events));
    expect(stretches.map(({ start, end }) => [start, end])).to.deep.equal([
      [1, 2],
      [9, 9],
    ]);
  });

  it('are given in seconds, minutes, hours and days', () => {
    expect(['90s', '10m', '4h', '14d'].map(durationMs)).to.deep.equal([90_000, 600_000, 14_400_000, 1_209_600_000]);
  });
});
