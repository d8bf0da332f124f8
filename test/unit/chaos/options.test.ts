import { expect } from 'chai';
import { readOptions } from '../../chaos/options.js';

describe('the options of a run of faults', () => {
  it('have defaults, with as many kills as the shape and the minutes want', () => {
    expect(readOptions([])).to.include({ seed: 1, minutes: 2, shape: 'all', eventsPerSecond: 25, kills: 8 });
    expect(readOptions(['--shape', 'soak'])).to.include({ eventsPerSecond: 200 });
    expect(readOptions(['--shape', 'soak', '--rate', '7'])).to.include({ eventsPerSecond: 7 });
    expect(readOptions(['--shape', 'process', '--minutes', '12']).kills).to.be.at.least(200);
  });

  const bad: readonly (readonly [flag: string, value: string])[] = [
    ['--minutes', 'foo'],
    ['--minutes', '0'],
    ['--minutes', 'Infinity'],
    ['--rate', 'x'],
    ['--rate', ''],
    ['--kills', '2.5'],
    ['--kills', 'x'],
    ['--seed', '1.5'],
    ['--shape', 'toString'],
  ];
  for (const [flag, value] of bad)
    it(`are refused when ${flag} is '${value}'`, () => {
      expect(() => readOptions([flag, value])).to.throw(RangeError, flag === '--shape' ? value : flag);
    });
});
