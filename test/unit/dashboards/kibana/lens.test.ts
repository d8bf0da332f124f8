import { expect } from 'chai';
import { colours } from '../../../../src/dashboards/colours.js';
import type {
  BarsPanel,
  HeatmapPanel,
  MetricPanel,
  SeriesPanel,
  SharePanel,
  TablePanel,
} from '../../../../src/dashboards/spec.js';
import { chart, flows, lens } from './specs.js';
import type { Column, LensState } from './structure.js';

const count = { of: 'count', title: 'Flows' } as const;
const user = { field: 'user.name', title: 'User', size: 10 };
const port = { field: 'destination.port', title: 'Port', size: 5 };
const verdict = {
  groups: [
    { title: 'Allowed', where: { 'event.action': 'allowed' }, colour: 'allowed' },
    { title: 'Denied', where: { 'event.action': 'denied' }, colour: 'denied' },
  ],
} as const;

function columnsOf({ datasourceStates }: LensState): [string, Column][] {
  const [layer] = Object.values(datasourceStates.formBased.layers);
  return (layer?.columnOrder ?? []).map((id) => [id, layer?.columns[id] as Column]);
}

function column(state: LensState, id: string): Column | undefined {
  return new Map(columnsOf(state)).get(id);
}

function xyLayer({ visualization }: LensState): Readonly<Record<string, unknown>> {
  return visualization.layers?.[0] ?? {};
}

describe('Lens panels', () => {
  it('ask only for what the panel is about', () => {
    const state = lens<MetricPanel>({ chart: 'metric', where: { 'event.action': 'denied' }, measure: count });
    expect(state.query).to.deep.equal({ query: 'event.action: "denied"', language: 'kuery' });
  });

  it('call columns as the spec does', () => {
    const state = lens<BarsPanel>({ chart: 'bars', by: user, measure: count });
    expect(columnsOf(state).map(([, { label }]) => label)).to.deep.equal(['User', 'Flows']);
  });

  it('count documents, and measure fields by the operations of Lens', () => {
    const measures = (
      [
        ['count', undefined, 'count', 'number'],
        ['unique', 'user.name', 'unique_count', 'number'],
        ['min', '@timestamp', 'min', 'date'],
        ['max', 'destination.port', 'max', 'number'],
        ['avg', 'lag_seconds', 'average', 'number'],
        ['p95', 'lag_seconds', 'percentile', 'number'],
      ] as const
    ).map(([of, field, operation, type]) => ({ measure: { of, title: of, ...(field && { field }) }, operation, type }));
    for (const { measure, operation, type } of measures) {
      const found = column(lens<MetricPanel>({ chart: 'metric', measure }), 'measure');
      expect(found, measure.of).to.include({ operationType: operation, dataType: type });
    }
  });

  it('say which percentile is meant', () => {
    const measure = { of: 'p95', field: 'lag_seconds', title: 'Lag' } as const;
    expect(column(lens<MetricPanel>({ chart: 'metric', measure }), 'measure')?.params).to.deep.equal({
      percentile: 95,
    });
  });

  for (const [field, what] of [
    ['user.nam', 'is in no field list'],
    ['message', 'cannot be aggregated'],
  ] as const) {
    it(`are refused with a field that ${what}`, () => {
      const by = { ...user, field };
      expect(() => lens<BarsPanel>({ chart: 'bars', by, measure: count }))
        .to.throw(what)
        .with.property('code', 'CCX_DASHBOARD_INVALID');
    });
  }

  it('are refused with a measure that the type of the field has not', () => {
    const measure = { of: 'avg', field: 'user.name', title: 'Mean' } as const;
    expect(() => lens<MetricPanel>({ chart: 'metric', measure }))
      .to.throw('which has no avg')
      .with.property('code', 'CCX_DASHBOARD_INVALID');
  });
});

describe('Lens time series', () => {
  it('are over the time of the data view, split by the values that are largest over all of it', () => {
    const state = lens<SeriesPanel>({ chart: 'series', style: 'bars', measure: count, split: user });
    expect(columnsOf(state).map(([id, { sourceField }]) => [id, sourceField])).to.deep.equal([
      ['split', 'user.name'],
      ['x', '@timestamp'],
      ['measure', '___records___'],
    ]);
    expect(xyLayer(state)).to.include({ xAccessor: 'x', splitAccessor: 'split' });
  });

  for (const [style, seriesType] of [
    ['bars', 'bar_stacked'],
    ['lines', 'line'],
    ['areas', 'area_stacked'],
  ] as const) {
    it(`draw ${style}`, () => {
      const state = lens<SeriesPanel>({ chart: 'series', style, measure: count });
      expect([xyLayer(state).seriesType, state.visualization.preferredSeriesType]).to.deep.equal([
        seriesType,
        seriesType,
      ]);
    });
  }

  it('have a legend only when there is more than one series', () => {
    const legend = (split?: SeriesPanel['split']): unknown =>
      lens<SeriesPanel>({ chart: 'series', style: 'bars', measure: count, ...(split && { split }) }).visualization
        .legend;
    expect(legend()).to.have.property('isVisible', false);
    expect(legend(user)).to.have.property('isVisible', true);
    expect(legend(verdict)).to.have.property('isVisible', true);
  });
});

describe('Lens parts by named group', () => {
  const state = lens<BarsPanel>({ chart: 'bars', by: user, measure: count, split: verdict });

  it('are a column each, of the documents that are meant', () => {
    const groups = columnsOf(state).filter(([, { isBucketed }]) => !isBucketed);
    expect(groups.map(([, { label, filter }]) => [label, filter?.query])).to.deep.equal([
      ['Allowed', 'event.action: "allowed"'],
      ['Denied', 'event.action: "denied"'],
    ]);
  });

  it('have the colour of their group, whatever their order', () => {
    expect(xyLayer(state).yConfig).to.deep.equal([
      { forAccessor: 'measure_1', color: colours.allowed, axisMode: 'auto' },
      { forAccessor: 'measure_2', color: colours.denied, axisMode: 'auto' },
    ]);
  });

  it('are none of a measure that is not split, which has its own colour or the first', () => {
    const yConfig = (measure: BarsPanel['measure']): unknown =>
      xyLayer(lens<BarsPanel>({ chart: 'bars', by: user, measure })).yConfig;
    expect(yConfig(count)).to.deep.include.members([
      { forAccessor: 'measure', color: colours.allowed, axisMode: 'auto' },
    ]);
    expect(yConfig({ ...count, colour: 'denied' })).to.deep.include.members([
      { forAccessor: 'measure', color: colours.denied, axisMode: 'auto' },
    ]);
  });

  it('leave bars in the order of the whole', () => {
    const { params } = column(state, 'x') as Column;
    expect(params.orderBy).to.deep.equal({ type: 'custom' });
    expect(params.orderAgg).to.include({ operationType: 'count', sourceField: '___records___' });
    expect(params.orderAgg).not.to.have.property('filter');
  });

  it('of a ring have their colours too', () => {
    const ring = xyLayer(lens<SharePanel>({ chart: 'share', by: verdict, measure: count }));
    expect(ring).to.deep.include({
      primaryGroups: [],
      metrics: ['measure_1', 'measure_2'],
      allowMultipleMetrics: true,
      colorsByDimension: { measure_1: colours.allowed, measure_2: colours.denied },
    });
  });

  it('of a number are a panel each, side by side in the place of the panel', () => {
    const panel = chart<MetricPanel>({ chart: 'metric', at: [16, 3, 17, 9], measure: count, ...verdict });
    const { panels } = flows({ panels: [panel] });
    expect(panels.map(({ gridData }) => gridData)).to.deep.equal([
      { x: 16, y: 3, w: 8, h: 9, i: 'chart-1' },
      { x: 24, y: 3, w: 9, h: 9, i: 'chart-2' },
    ]);
    expect(panels.map(({ embeddableConfig: { title } }) => title)).to.deep.equal(['Allowed', 'Denied']);
    const colour = panels.map((one) => one.embeddableConfig.attributes?.state.visualization.color);
    expect(colour).to.deep.equal([colours.allowed, colours.denied]);
  });

  it('of a number that has one group only keep the title of the panel', () => {
    const groups = verdict.groups.slice(1);
    const { panels } = flows({ panels: [chart<MetricPanel>({ chart: 'metric', measure: count, groups })] });
    expect(panels.map(({ embeddableConfig: { title } }) => title)).to.deep.equal(['Chart']);
  });
});

describe('Lens parts by value', () => {
  it('of a ring are the whole: the rest of the values is one of them', () => {
    const state = lens<SharePanel>({ chart: 'share', by: user, measure: count });
    expect(column(state, 'split')?.params).to.include({ size: 10, otherBucket: true });
    expect(state.visualization.shape).to.equal('donut');
  });

  it('of bars are the largest of each bar', () => {
    const state = lens<BarsPanel>({ chart: 'bars', by: user, measure: count, split: port });
    expect(columnsOf(state).map(([id]) => id)).to.deep.equal(['x', 'split', 'measure']);
    expect(column(state, 'x')?.params.orderBy).to.deep.equal({ type: 'column', columnId: 'measure' });
  });
});

describe('Lens tables and heatmaps', () => {
  it('of rows are ordered by the first measure', () => {
    const first = { of: 'unique', field: 'destination.ip', title: 'Addresses' } as const;
    const state = lens<TablePanel>({ chart: 'table', rows: [user, port], measures: [first, count] });
    expect(columnsOf(state).map(([, { label }]) => label)).to.deep.equal(['User', 'Port', 'Addresses', 'Flows']);
    expect(state.visualization.sorting).to.deep.equal({ columnId: 'measure', direction: 'desc' });
    expect(column(state, 'row_2')?.params.orderBy).to.deep.equal({ type: 'column', columnId: 'measure' });
  });

  it('of two fields have the one across and the other down', () => {
    const state = lens<HeatmapPanel>({ chart: 'heatmap', x: port, y: user, measure: count });
    const { xAccessor, yAccessor } = state.visualization;
    expect(column(state, String(xAccessor))?.sourceField).to.equal('destination.port');
    expect(column(state, String(yAccessor))?.sourceField).to.equal('user.name');
  });

  it('have shades that cover the range of values without a gap', () => {
    const { visualization } = lens<HeatmapPanel>({ chart: 'heatmap', x: port, y: user, measure: count });
    const { params } = visualization.palette as {
      params: { colorStops: { color: string; stop: number }[]; stops: { color: string; stop: number }[] };
    };
    const from = params.colorStops.map(({ stop }) => stop);
    const to = params.stops.map(({ stop }) => stop);
    expect([from[0], to.at(-1)]).to.deep.equal([0, 100]);
    expect(from.slice(1)).to.deep.equal(to.slice(0, -1));
  });
});
