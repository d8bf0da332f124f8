import { expect } from 'chai';
import { intervalOf } from '../../../src/dashboards/interval.js';
import { loadDashboards } from '../../../src/dashboards/load.js';
import { eventsSearch, panelSearch, valuesSearch, type PanelQuery } from '../../../src/dashboards/search.js';
import type { ChartPanel, DataView } from '../../../src/dashboards/spec.js';

const { dataView, dashboards, searches } = loadDashboards();
const query: PanelQuery = { from: '2026-02-03T00:00:00Z', to: '2026-02-04T00:00:00Z', where: { 'user.name': 'ann' } };
const dashboard = { where: { 'event.dataset': 'cloudconnexa.flow' } };
const base = { id: 'x', title: 'X', at: [0, 0, 1, 1], where: {} } as const;
const count = { of: 'count', title: 'Flows' } as const;
const users = { field: 'user.name', title: 'User', size: 10 };
const ports = { field: 'destination.port', title: 'Port', size: 5 };

function aggsOf(panel: ChartPanel, view: DataView = dataView) {
  return panelSearch(panel, dashboard, view, query).aggs;
}

describe('the search behind a panel', () => {
  it("has the reader's time range, and the conditions of dashboard, panel and reader", () => {
    const panel = { ...base, chart: 'metric', where: { 'event.action': 'flow_denied' }, measure: count } as const;
    expect(panelSearch(panel, dashboard, dataView, query).query).to.deep.equal({
      bool: {
        filter: [
          { range: { '@timestamp': { gte: query.from, lt: query.to, format: 'strict_date_optional_time' } } },
          { bool: { filter: [{ term: { 'event.dataset': 'cloudconnexa.flow' } }] } },
          { bool: { filter: [{ term: { 'event.action': 'flow_denied' } }] } },
          { bool: { filter: [{ term: { 'user.name': 'ann' } }] } },
        ],
      },
    });
  });

  it('keeps two conditions on one field', () => {
    const panel = { ...base, chart: 'metric', where: { 'user.name': { exists: true } }, measure: count } as const;
    const { query: found } = panelSearch(panel, dashboard, dataView, query);
    expect(JSON.stringify(found)).to.include('"exists":{"field":"user.name"}').and.include('"user.name":"ann"');
  });

  it('asks for no documents', () => {
    for (const one of dashboards) {
      for (const panel of one.panels) {
        if (panel.chart === 'text' || panel.chart === 'events') continue;
        expect(panelSearch(panel, one, dataView, query)).to.include({ size: 0, track_total_hits: false });
      }
    }
  });

  it('counts over time, empty times included, up to the ends of the range', () => {
    expect(aggsOf({ ...base, chart: 'series', style: 'bars', measure: count })).to.deep.equal({
      split: {
        filters: { filters: { g0: { match_all: {} } } },
        aggs: {
          over: {
            date_histogram: {
              field: '@timestamp',
              fixed_interval: '30m',
              min_doc_count: 0,
              extended_bounds: { min: Date.parse(query.from), max: Date.parse(query.to) - 1 },
            },
          },
        },
      },
    });
  });

  it('ranks values by what is measured', () => {
    const measure = { of: 'unique', field: 'destination.ip', title: 'Addresses' } as const;
    expect(aggsOf({ ...base, chart: 'bars', by: users, measure })).to.deep.equal({
      by: {
        terms: { field: 'user.name', size: 10, order: { m0: 'desc' } },
        aggs: {
          m0: { cardinality: { field: 'destination.ip' } },
          split: {
            filters: { filters: { g0: { match_all: {} } } },
            aggs: { m0: { cardinality: { field: 'destination.ip' } } },
          },
        },
      },
    });
  });

  it('measures a computed field only where all of its fields are', () => {
    const measure = { of: 'p95', field: 'ingest_lag_seconds', title: 'Lag' } as const;
    const script = { lang: 'painless', source: dataView.computed[0]?.script };
    expect(aggsOf({ ...base, chart: 'share', by: users, measure })).to.deep.equal({
      split: {
        terms: { field: 'user.name', size: 10, order: { 'm0>value.95': 'desc' } },
        aggs: {
          m0: {
            filter: {
              bool: { filter: [{ exists: { field: 'event.ingested' } }, { exists: { field: '@timestamp' } }] },
            },
            aggs: { value: { percentiles: { script, percents: [95] } } },
          },
        },
      },
    });
  });

  it('asks for the columns of a table within each other, each with all measures', () => {
    const last = { of: 'max', field: '@timestamp', title: 'Last' } as const;
    expect(aggsOf({ ...base, chart: 'table', rows: [users, ports], measures: [count, last] })).to.deep.equal({
      row: {
        terms: { field: 'user.name', size: 10, order: { _count: 'desc' } },
        aggs: {
          m1: { max: { field: '@timestamp' } },
          row: {
            terms: { field: 'destination.port', size: 5, order: { _count: 'desc' } },
            aggs: { m1: { max: { field: '@timestamp' } } },
          },
        },
      },
    });
  });

  it('asks for both axes of a heatmap by themselves', () => {
    const aggs = aggsOf({ ...base, chart: 'heatmap', x: ports, y: users, measure: count }) ?? {};
    expect(aggs['xs']).to.deep.equal({ terms: { field: 'destination.port', size: 5, order: { _count: 'desc' } } });
    expect(aggs['ys']?.aggs?.['cells']?.terms).to.deep.include({ field: 'destination.port', size: 500 });
  });

  it('asks for the newest events of a saved search with its columns', () => {
    const search = searches[0];
    if (search === undefined) throw new Error('no saved search');
    const { sort, fields, size } = eventsSearch(search, dashboard, dataView, query);
    expect({ sort, size }).to.deep.equal({ sort: [{ '@timestamp': { order: 'desc' } }], size: 50 });
    expect(fields).to.deep.equal([{ field: '@timestamp', format: 'epoch_millis' }, ...search.columns]);
  });

  it("asks for the values of a dashboard's controls", () => {
    const controls = [{ field: 'user.name', title: 'User' }];
    expect(valuesSearch({ ...dashboard, controls }, dataView, query, 7).aggs).to.deep.equal({
      c0: { terms: { field: 'user.name', size: 7 } },
    });
  });
});

describe('the step of a time axis', () => {
  const MINUTE = 60_000;
  const DAY = 1440 * MINUTE;
  for (const [title, range, interval] of [
    ['nothing', 0, '1s'],
    ['a quarter of an hour', 15 * MINUTE, '30s'],
    ['an hour', 60 * MINUTE, '1m'],
    ['a day', DAY, '30m'],
    ['a week', 7 * DAY, '3h'],
    ['a month', 30 * DAY, '12h'],
    ['a quarter', 90 * DAY, '7d'],
    ['ten years', 3650 * DAY, '30d'],
  ] as const) {
    it(`is ${interval} for ${title}`, () => {
      expect(intervalOf(range)).to.equal(interval);
    });
  }
});
