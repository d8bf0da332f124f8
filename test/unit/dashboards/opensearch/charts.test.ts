import { expect } from 'chai';
import type {
  BarsPanel,
  Group,
  HeatmapPanel,
  MetricPanel,
  SeriesPanel,
  SharePanel,
  TablePanel,
  Terms,
} from '../../../../src/dashboards/spec.js';
import { chart, json, type VisState } from './specs.js';

const flows = { of: 'count', title: 'Flows' } as const;
const users: Terms = { field: 'user.name', title: 'User', size: 7 };
const ports: Terms = { field: 'destination.port', title: 'Port', size: 5 };
const verdicts: readonly Group[] = [
  { title: 'Allowed', where: { 'event.action': 'flow_allowed' }, colour: 'allowed' },
  { title: 'Denied', where: { 'event.action': 'flow_denied' }, colour: 'denied' },
];

/** `type/schema` of each aggregation, in order of their ids. */
function aggs({ aggs: list }: VisState): string[] {
  return [...list].sort((a, b) => Number(a.id) - Number(b.id)).map(({ id, type, schema }) => `${id} ${type}/${schema}`);
}

describe('drawings for OpenSearch Dashboards', () => {
  it('draw a metric as its number under its name', () => {
    const { state } = chart<MetricPanel>({
      chart: 'metric',
      measure: { of: 'unique', field: 'user.name', title: 'Users' },
    });
    expect(state.type).to.equal('metric');
    expect(aggs(state)).to.deep.equal(['1 cardinality/metric']);
    expect(state.aggs[0]?.params).to.deep.equal({ field: 'user.name', customLabel: 'Users' });
  });

  it('draw a metric for each of several groups', () => {
    const { state } = chart<MetricPanel>({ chart: 'metric', measure: flows, groups: verdicts });
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 filters/group']);
    expect(state.aggs[1]?.params.filters).to.deep.equal([
      { input: { query: 'event.action: "flow_allowed"', language: 'kuery' }, label: 'Allowed' },
      { input: { query: 'event.action: "flow_denied"', language: 'kuery' }, label: 'Denied' },
    ]);
  });

  it('take a lone group of a metric as a condition, so that its name is not said twice', () => {
    const { object, state } = chart<MetricPanel>({
      chart: 'metric',
      where: { 'event.action': { exists: true } },
      measure: flows,
      groups: verdicts.slice(1),
    });
    expect(aggs(state)).to.deep.equal(['1 count/metric']);
    expect(state.aggs[0]?.params.customLabel).to.equal('Denied');
    expect(json(object, 'kibanaSavedObjectMeta', 'searchSourceJSON')).to.deep.include({
      query: { query: 'event.action: * and event.action: "flow_denied"', language: 'kuery' },
    });
  });

  it('give times less room a letter than numbers', () => {
    const size = (panel: Pick<MetricPanel, 'measure'>): unknown => {
      const { metric } = chart<MetricPanel>({ chart: 'metric', ...panel }).state.params as {
        metric: { style: { fontSize: number } };
      };
      return metric.style.fontSize;
    };
    expect(size({ measure: { of: 'max', field: '@timestamp', title: 'Newest' } })).to.equal(14);
    expect(size({ measure: { of: 'max', field: 'destination.port', title: 'Port' } })).to.equal(28);
  });

  for (const [style, type, mode] of [
    ['bars', 'histogram', 'stacked'],
    ['lines', 'line', 'normal'],
    ['areas', 'area', 'stacked'],
  ] as const) {
    it(`draw a series of ${style} as ${type}, ${mode}`, () => {
      const { state } = chart<SeriesPanel>({ chart: 'series', style, measure: flows, split: { groups: verdicts } });
      expect(state.type).to.equal(type);
      expect(aggs(state)).to.deep.equal(['1 count/metric', '2 date_histogram/segment', '3 filters/group']);
      expect(state.aggs[1]?.params.field).to.equal('@timestamp');
      expect(state.params).to.have.nested.include({
        'seriesParams[0].type': type,
        'seriesParams[0].mode': mode,
        'seriesParams[0].data.id': '1',
        addLegend: true,
      });
    });
  }

  it('show groups in their own colours', () => {
    const { uiState } = chart<SeriesPanel>({
      chart: 'series',
      style: 'bars',
      measure: flows,
      split: { groups: verdicts },
    });
    expect(uiState).to.have.deep.property('vis', { colors: { Allowed: '#0072B2', Denied: '#E69F00' } });
  });

  it('have no legend where there is one series', () => {
    const { state, uiState } = chart<SeriesPanel>({ chart: 'series', style: 'lines', measure: flows });
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 date_histogram/segment']);
    expect(state.params.addLegend).to.equal(false);
    expect(uiState).to.have.deep.property('vis', { colors: { Flows: '#0072B2' } });
  });

  it('have the colour of a measure that is not split', () => {
    const measure = { ...flows, colour: 'denied' } as const;
    const { uiState } = chart<BarsPanel>({ chart: 'bars', by: users, measure });
    expect(uiState).to.have.deep.property('vis', { colors: { Flows: '#E69F00' } });
  });

  it('draw bars lying, of the values that have most of the measure', () => {
    const { state } = chart<BarsPanel>({ chart: 'bars', by: users, measure: flows });
    expect(state.type).to.equal('horizontal_bar');
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 terms/segment']);
    expect(state.aggs[1]?.params).to.deep.include({
      field: 'user.name',
      orderBy: '1',
      order: 'desc',
      size: 7,
      otherBucket: false,
      customLabel: 'User',
    });
    expect(state.params).to.have.nested.include({
      'categoryAxes[0].position': 'left',
      'valueAxes[0].position': 'bottom',
      'seriesParams[0].mode': 'normal',
    });
  });

  it('stand the parts of bars on each other', () => {
    const { state } = chart<BarsPanel>({ chart: 'bars', by: users, measure: flows, split: { groups: verdicts } });
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 terms/segment', '3 filters/group']);
    expect(state.params).to.have.nested.include({ 'seriesParams[0].mode': 'stacked', addLegend: true });
  });

  it('draw shares as a ring', () => {
    const { state } = chart<SharePanel>({ chart: 'share', by: ports, measure: flows });
    expect(state.type).to.equal('pie');
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 terms/segment']);
    expect(state.params).to.include({ isDonut: true, addLegend: true });
  });

  it('draw a table with a level for each field, all ordered by the first measure', () => {
    const { state, uiState } = chart<TablePanel>({
      chart: 'table',
      rows: [users, ports],
      measures: [{ of: 'unique', field: 'destination.ip', title: 'Addresses' }, flows],
    });
    expect(state.type).to.equal('table');
    expect(aggs(state)).to.deep.equal(['1 cardinality/metric', '2 terms/bucket', '3 terms/bucket', '4 count/metric']);
    expect(state.aggs.filter(({ type }) => type === 'terms').map(({ params }) => params.orderBy)).to.deep.equal([
      '1',
      '1',
    ]);
    expect(uiState).to.have.deep.nested.property('vis.sortColumn', { colIndex: 2, direction: 'desc' });
  });

  it('give times in tables the room that they need', () => {
    const { uiState } = chart<TablePanel>({
      chart: 'table',
      rows: [users],
      measures: [flows, { of: 'max', field: '@timestamp', title: 'Last' }],
    });
    expect(uiState).to.have.deep.nested.property('vis.columnsWidth', [{ colIndex: 2, width: 215 }]);
  });

  it('draw a heatmap in shades of one colour', () => {
    const { state } = chart<HeatmapPanel>({ chart: 'heatmap', x: ports, y: users, measure: flows });
    expect(state.type).to.equal('heatmap');
    expect(aggs(state)).to.deep.equal(['1 count/metric', '2 terms/group', '3 terms/segment']);
    expect(state.aggs.map(({ params }) => params.field)).to.deep.equal([undefined, 'user.name', 'destination.port']);
    expect(state.params).to.include({ colorSchema: 'Blues', addLegend: true });
  });

  it('ask for the 95th percentile only, name it once and order by it', () => {
    const { state } = chart<BarsPanel>({
      chart: 'bars',
      by: users,
      measure: { of: 'p95', field: 'lag_seconds', title: 'Lag in seconds (p95)' },
    });
    expect(state.aggs[0]).to.deep.include({
      type: 'percentiles',
      params: { field: 'lag_seconds', percents: [95], customLabel: 'Lag in seconds' },
    });
    expect(state.aggs[1]?.params.orderBy).to.equal('1.95');
    expect(state.params).to.have.nested.property('valueAxes[0].title.text', '95th percentile of Lag in seconds');
  });
});
