import { expect } from 'chai';
import { eventsData, panelData, valuesData } from '../../../src/dashboards/search.js';
import { loadDashboards } from '../../../src/dashboards/load.js';
import type { ChartPanel, SavedSearch } from '../../../src/dashboards/spec.js';

const { dataView } = loadDashboards();
const base = { id: 'x', title: 'X', at: [0, 0, 1, 1], where: {} } as const;
const count = { of: 'count', title: 'Flows' } as const;
const lag = { of: 'p95', field: 'ingest_lag_seconds', title: 'Lag' } as const;
const last = { of: 'max', field: '@timestamp', title: 'Last' } as const;
const users = { field: 'user.name', title: 'User', size: 10 };
const ports = { field: 'destination.port', title: 'Port', size: 5 };
const groups = [
  { title: 'Allowed', where: {}, colour: 'allowed' },
  { title: 'Denied', where: {}, colour: 'denied' },
] as const;

function dataOf(panel: ChartPanel, aggregations?: object) {
  return panelData(panel, { aggregations });
}

describe('what a panel shows', () => {
  it('is a number for each group, in its colour', () => {
    const split = { buckets: { g0: { doc_count: 7 }, g1: { doc_count: 0 } } };
    expect(dataOf({ ...base, chart: 'metric', measure: count, groups }, { split })).to.deep.equal({
      kind: 'numbers',
      values: [
        { title: 'Allowed', value: 7, colour: 'allowed' },
        { title: 'Denied', value: 0, colour: 'denied' },
      ],
    });
  });

  it('is bars in the colour of the measure where there is no split', () => {
    const split = { buckets: { g0: { doc_count: 3 } } };
    const measure = { ...count, colour: 'denied' } as const;
    expect(
      dataOf(
        { ...base, chart: 'bars', by: users, measure },
        { by: { buckets: [{ key: 'ana', doc_count: 3, split }] } },
      ),
    ).to.deep.equal({
      kind: 'categories',
      names: ['ana'],
      series: [{ title: 'Flows', colour: 'denied', values: [3] }],
    });
  });

  it('is a time where times are measured', () => {
    const split = { buckets: { g0: { doc_count: 1, m0: { value: 1_770_000_000_000 } } } };
    expect(dataOf({ ...base, chart: 'metric', measure: last }, { split })).to.deep.equal({
      kind: 'numbers',
      values: [{ title: 'Last', value: 1_770_000_000_000, kind: 'time' }],
    });
  });

  for (const [title, values] of [
    ['null', { '95.0': null }],
    ['"NaN"', { '95.0': 'NaN' }],
    ['nothing', {}],
  ] as const) {
    it(`is no value where the engine says ${title}`, () => {
      const split = { buckets: { g0: { doc_count: 1, m0: { doc_count: 0, value: { values } } } } };
      expect(dataOf({ ...base, chart: 'metric', measure: lag }, { split })).to.deep.equal({
        kind: 'numbers',
        values: [{ title: 'Lag', value: null }],
      });
    });
  }

  it('has all times, in order, in every series', () => {
    const over = (...keys: number[]) => ({ over: { buckets: keys.map((key) => ({ key, doc_count: key / 10 })) } });
    const split = {
      buckets: [
        { key: 'b', ...over(20, 30) },
        { key: 'a', ...over(10, 20) },
      ],
    };
    expect(dataOf({ ...base, chart: 'series', style: 'lines', measure: count, split: users }, { split })).to.deep.equal(
      {
        kind: 'series',
        times: [10, 20, 30],
        series: [
          { title: 'b', values: [null, 2, 3] },
          { title: 'a', values: [1, 2, null] },
        ],
      },
    );
  });

  it('has a series for each part of the bars', () => {
    const part = (allowed: number, denied: number) => ({
      split: { buckets: { g0: { doc_count: allowed }, g1: { doc_count: denied } } },
    });
    const by = {
      buckets: [
        { key: 443, doc_count: 9, ...part(5, 4) },
        { key: 22, doc_count: 1, ...part(0, 1) },
      ],
    };
    expect(dataOf({ ...base, chart: 'bars', by: ports, measure: count, split: { groups } }, { by })).to.deep.equal({
      kind: 'categories',
      names: ['443', '22'],
      series: [
        { title: 'Allowed', colour: 'allowed', values: [5, 0] },
        { title: 'Denied', colour: 'denied', values: [4, 1] },
      ],
    });
  });

  it('is the whole: what is not among the largest is the other share', () => {
    const split = { sum_other_doc_count: 3, buckets: [{ key: 1, key_as_string: 'true', doc_count: 5 }] };
    expect(dataOf({ ...base, chart: 'share', by: users, measure: count }, { split })).to.deep.equal({
      kind: 'categories',
      names: ['true', 'Other'],
      series: [{ title: 'Flows', values: [5, 3] }],
    });
  });

  it('is in the colours of the groups where shares are groups', () => {
    const split = { buckets: { g0: { doc_count: 5 }, g1: { doc_count: 2 } } };
    expect(dataOf({ ...base, chart: 'share', by: { groups }, measure: count }, { split })).to.deep.equal({
      kind: 'categories',
      names: ['Allowed', 'Denied'],
      colours: ['allowed', 'denied'],
      series: [{ title: 'Flows', values: [5, 2] }],
    });
  });

  it('is a row for each combination, the largest first', () => {
    const bucket = (key: string | number, n: number, row?: object) => ({
      key,
      doc_count: n,
      m1: { value: n * 1000 },
      ...(row && { row }),
    });
    const row = {
      buckets: [
        bucket('ann', 9, { buckets: [bucket(22, 5), bucket(80, 4)] }),
        bucket('bo', 8, { buckets: [bucket(443, 8)] }),
      ],
    };
    expect(dataOf({ ...base, chart: 'table', rows: [users, ports], measures: [count, last] }, { row })).to.deep.equal({
      kind: 'table',
      columns: [
        { title: 'User', kind: 'text' },
        { title: 'Port', kind: 'text' },
        { title: 'Flows', kind: 'number' },
        { title: 'Last', kind: 'time' },
      ],
      rows: [
        ['bo', '443', 8, 8000],
        ['ann', '22', 5, 5000],
        ['ann', '80', 4, 4000],
      ],
    });
  });

  it('has the cells of the columns only', () => {
    const cells = {
      buckets: [
        { key: 80, doc_count: 1 },
        { key: 22, doc_count: 6 },
      ],
    };
    const aggs = {
      xs: { buckets: [{ key: 22, doc_count: 6 }] },
      ys: { buckets: [{ key: 'ann', doc_count: 7, cells }] },
    };
    expect(dataOf({ ...base, chart: 'heatmap', x: ports, y: users, measure: count }, aggs)).to.deep.equal({
      kind: 'heatmap',
      xs: ['22'],
      ys: ['ann'],
      cells: [[0, 0, 6]],
    });
  });

  it('is nothing when the answer has no aggregations, as that of a pattern without indices', () => {
    expect(dataOf({ ...base, chart: 'bars', by: users, measure: count })).to.deep.equal({
      kind: 'categories',
      names: [],
      series: [],
    });
    expect(dataOf({ ...base, chart: 'metric', measure: count })).to.deep.equal({
      kind: 'numbers',
      values: [{ title: 'Flows', value: 0 }],
    });
  });

  it('is a row for each event, with lists in one cell and nothing where there is nothing', () => {
    const columns = ['error.message', 'event.ingested', 'user.name'];
    const search: SavedSearch = { id: 'x', title: 'X', description: 'X', where: {}, columns };
    const fields = {
      '@timestamp': ['1770000000000'],
      'error.message': ['a', 'b'],
      'event.ingested': ['2026-02-02T02:40:00Z'],
    };
    expect(eventsData(search, dataView, { hits: { hits: [{ fields }] } })).to.deep.equal({
      kind: 'table',
      columns: [
        { title: 'Time', kind: 'time' },
        { title: 'error.message', kind: 'text' },
        { title: 'event.ingested', kind: 'time' },
        { title: 'user.name', kind: 'text' },
      ],
      rows: [[1_770_000_000_000, 'a, b', 1_770_000_000_000, null]],
    });
  });

  it('is a list of values for each control', () => {
    const controls = [{ field: 'user.name', title: 'User' }];
    const values = valuesData({ controls }, { aggregations: { c0: { buckets: [{ key: 'ann' }, { key: 'bo' }] } } });
    expect([...values]).to.deep.equal([['user.name', ['ann', 'bo']]]);
  });
});
