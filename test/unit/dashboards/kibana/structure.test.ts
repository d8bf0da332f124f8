import { expect } from 'chai';
import type { BarsPanel } from '../../../../src/dashboards/spec.js';
import { lens } from './specs.js';
import { lensFaults, type LensState } from './structure.js';

const types = new Map([
  ['user.name', 'string'],
  ['destination.ip', 'ip'],
  ['@timestamp', 'date'],
]);

const good = lens<BarsPanel>({
  chart: 'bars',
  by: { field: 'user.name', title: 'User', size: 10 },
  measure: { of: 'unique', field: 'destination.ip', title: 'Addresses' },
});

/** The state with a text of it replaced. */
function broken(from: string, to: string): LensState {
  const text = JSON.stringify(good);
  expect(text).to.include(from);
  return JSON.parse(text.replace(from, to)) as LensState;
}

describe('the check of Lens states', () => {
  it('finds nothing wrong with a good one', () => {
    expect(lensFaults('lnsXY', good, types)).to.deep.equal([]);
  });

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a column that is not in the order',
      '"columnOrder":["x","measure"]',
      '"columnOrder":["x"]',
      /orders other columns/,
    ],
    ['a measure before a bucket', '["x","measure"]', '["measure","x"]', /bucket after a measure/],
    ['a layer that is none', '"layerId":"events"', '"layerId":"other"', /draws a layer/],
    ['an accessor that is no column', '"accessors":["measure"]', '"accessors":["m"]', /m is no measure/],
    ['a bucket drawn as a measure', '"accessors":["measure"]', '"accessors":["measure","x"]', /x is no measure/],
    ['a time drawn to a scale', '"dataType":"number"', '"dataType":"date"', /is a time/],
    ['an unknown field', '"sourceField":"user.name"', '"sourceField":"user.nam"', /unknown field/],
    [
      'an operation that the type has not',
      '"operationType":"unique_count"',
      '"operationType":"average"',
      /average of a ip/,
    ],
    ['an order by nothing', '"columnId":"measure"', '"columnId":"sum"', /ordered by no measure/],
    ['a colour of nothing', '"forAccessor":"measure"', '"forAccessor":"m"', /m is named/],
    ['a chart without an axis', '"xAccessor":"x"', '"x":"x"', /no xAccessor/],
  ];
  for (const [name, from, to, fault] of faults) {
    it(`finds ${name}`, () => {
      expect(lensFaults('lnsXY', broken(from, to), types).join('\n')).to.match(fault);
    });
  }
});
