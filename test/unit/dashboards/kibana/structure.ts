import type { Reference } from '../../../../src/dashboards/saved-object.js';

/** What is looked at of Lens's state; the rest of it is drawn as it is. */
export interface LensState {
  readonly datasourceStates: { readonly formBased: { readonly layers: Readonly<Record<string, Layer>> } };
  readonly visualization: Visualization;
  readonly query: { readonly query: string };
}

interface Layer {
  readonly columnOrder: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
}

export interface Column {
  readonly label: string;
  readonly operationType: string;
  readonly dataType: string;
  readonly isBucketed: boolean;
  readonly scale: string;
  readonly sourceField: string;
  readonly filter?: { readonly query: string };
  readonly params: {
    readonly percentile?: number;
    readonly size?: number;
    readonly otherBucket?: boolean;
    readonly orderBy?: { readonly type: string; readonly columnId?: string };
    readonly orderAgg?: Column;
  };
}

/** Parts of the states of all visualizations. */
export type Visualization = Readonly<Record<string, unknown>> & {
  readonly layerId?: string;
  readonly layers?: readonly (Readonly<Record<string, unknown>> & { readonly layerId: string })[];
};

export interface LensPanel {
  readonly type: string;
  readonly panelIndex: string;
  readonly panelRefName?: string;
  readonly gridData: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly i: string;
  };
  readonly embeddableConfig: {
    readonly title: string;
    readonly enhancements: { readonly dynamicActions?: { readonly events: readonly Event[] } };
    readonly attributes?: {
      readonly visualizationType: string;
      readonly references: readonly Reference[];
      readonly state: LensState;
    };
    readonly savedVis?: { readonly params: { readonly markdown: string } };
  };
}

interface Event {
  readonly eventId: string;
  readonly triggers: readonly string[];
  readonly action: { readonly factoryId: string; readonly name: string; readonly config: object };
}

export const RECORDS = '___records___';

const any = ['string', 'number', 'ip', 'boolean', 'date'];

/** By operation: types of the field, type of the result (that of the field, or one of its own), scale, bucket or not. */
const operations: Readonly<Record<string, { from: readonly string[]; to?: string; scale: string; bucketed: boolean }>> =
  {
    count: { from: [RECORDS], to: 'number', scale: 'ratio', bucketed: false },
    unique_count: { from: any, to: 'number', scale: 'ratio', bucketed: false },
    min: { from: ['number', 'date'], scale: 'ratio', bucketed: false },
    max: { from: ['number', 'date'], scale: 'ratio', bucketed: false },
    average: { from: ['number'], to: 'number', scale: 'ratio', bucketed: false },
    percentile: { from: ['number'], to: 'number', scale: 'ratio', bucketed: false },
    terms: { from: ['string', 'number', 'ip', 'boolean'], scale: 'ordinal', bucketed: true },
    date_histogram: { from: ['date'], to: 'date', scale: 'interval', bucketed: true },
  };

/** What is wrong with a panel that Lens would show as an error, or not at all. @param types Lens's type of each field. */
export function lensFaults(type: string, state: LensState, types: ReadonlyMap<string, string>): string[] {
  const { layers } = state.datasourceStates.formBased;
  const [[id, layer] = ['', { columnOrder: [], columns: {} }], ...more] = Object.entries(layers);
  const drawn = state.visualization.layers ?? [state.visualization];
  return [
    ...(more.length > 0 ? ['has more than one layer'] : []),
    ...drawn
      .filter(({ layerId }) => layerId !== id)
      .map(({ layerId }) => `draws a layer that is none: ${String(layerId)}`),
    ...orderFaults(layer),
    ...Object.entries(layer.columns).flatMap(([name, column]) =>
      columnFaults(column, layer, types).map((fault) => `${name} ${fault}`),
    ),
    ...drawn.flatMap((visualization) => accessorFaults(type, visualization, layer)),
  ];
}

function orderFaults({ columnOrder, columns }: Layer): string[] {
  const buckets = columnOrder.map((id) => columns[id]?.isBucketed);
  return [
    ...(JSON.stringify([...columnOrder].sort()) === JSON.stringify(Object.keys(columns).sort())
      ? []
      : ['orders other columns than it has']),
    ...(buckets.lastIndexOf(true) > buckets.indexOf(false) && buckets.includes(false)
      ? ['has a bucket after a measure']
      : []),
    ...(buckets.includes(false) ? [] : ['has no measure']),
  ];
}

function columnFaults(column: Column, layer: Layer, types: ReadonlyMap<string, string>): string[] {
  const operation = operations[column.operationType];
  if (operation === undefined) return [`has an unknown operation ${column.operationType}`];
  const from = column.sourceField === RECORDS ? RECORDS : types.get(column.sourceField);
  return [
    ...(from === undefined ? [`is of an unknown field ${column.sourceField}`] : []),
    ...(from !== undefined && !operation.from.includes(from) ? [`asks for ${column.operationType} of a ${from}`] : []),
    ...(column.dataType === (operation.to ?? from) ? [] : [`says it is a ${column.dataType}`]),
    ...(column.scale === operation.scale && column.isBucketed === operation.bucketed ? [] : ['has a wrong scale']),
    ...(column.label === '' ? ['has no label'] : []),
    ...(column.operationType === 'percentile' && !Number.isInteger(column.params.percentile)
      ? ['has no percentile']
      : []),
    ...(column.operationType === 'terms' ? termsFaults(column, layer, types) : []),
  ];
}

function termsFaults({ params }: Column, layer: Layer, types: ReadonlyMap<string, string>): string[] {
  const { orderBy, orderAgg, size = 0 } = params;
  const faults = size > 0 ? [] : ['has no size'];
  if (orderBy?.type === 'column') {
    const by = layer.columns[orderBy.columnId ?? ''];
    return by === undefined || by.isBucketed ? [...faults, 'is ordered by no measure'] : faults;
  }
  if (orderBy?.type !== 'custom' || orderAgg === undefined) return [...faults, 'has no order'];
  return [...faults, ...columnFaults(orderAgg, layer, types).map((fault) => `order ${fault}`)];
}

/** By visualization: which of its keys name buckets and which measures; whatever a chart can't be drawn without. */
const accessors: Readonly<
  Record<string, { buckets: readonly string[]; measures: readonly string[]; needed: readonly string[] }>
> = {
  lnsXY: {
    buckets: ['xAccessor', 'splitAccessor'],
    measures: ['accessors'],
    needed: ['seriesType', 'xAccessor', 'accessors'],
  },
  lnsPie: {
    buckets: ['primaryGroups'],
    measures: ['metrics'],
    needed: ['primaryGroups', 'metrics', 'numberDisplay', 'categoryDisplay', 'legendDisplay'],
  },
  lnsMetric: { buckets: [], measures: ['metricAccessor'], needed: ['metricAccessor'] },
  lnsHeatmap: {
    buckets: ['xAccessor', 'yAccessor'],
    measures: ['valueAccessor'],
    needed: ['shape', 'xAccessor', 'valueAccessor', 'legend', 'gridConfig'],
  },
  lnsDatatable: { buckets: [], measures: [], needed: ['columns'] },
};

function accessorFaults(type: string, visualization: Visualization, { columns }: Layer): string[] {
  const known = accessors[type];
  if (known === undefined) return [`is of an unknown type ${type}`];
  const ofKeys = (keys: readonly string[]): string[] =>
    keys.flatMap((key) => [visualization[key] ?? []].flat() as string[]);
  const buckets = ofKeys(known.buckets);
  const measures = ofKeys(known.measures);
  const inTable = ((visualization.columns ?? []) as { columnId: string }[]).map(({ columnId }) => columnId);
  const drawn = [...buckets, ...measures, ...inTable];
  return [
    ...known.needed.filter((key) => visualization[key] === undefined).map((key) => `${type} has no ${key}`),
    ...buckets.filter((id) => columns[id]?.isBucketed !== true).map((id) => `${id} is no bucket`),
    ...measures.filter((id) => columns[id]?.isBucketed !== false).map((id) => `${id} is no measure`),
    // Tables and single numbers show times too, whatever is drawn to a scale does not.
    ...(type === 'lnsMetric' ? [] : measures)
      .filter((id) => columns[id]?.dataType === 'date')
      .map((id) => `${id} is a time, which ${type} cannot draw`),
    ...inTable.filter((id) => columns[id] === undefined).map((id) => `${id} is no column`),
    ...Object.keys(columns)
      .filter((id) => !drawn.includes(id))
      .map((id) => `${id} is not drawn`),
    ...namedFaults(visualization, columns),
  ];
}

/** Colours, palettes and orders name columns too. */
function namedFaults(visualization: Visualization, columns: Layer['columns']): string[] {
  const {
    yConfig = [],
    colorsByDimension = {},
    sorting,
    palette,
  } = visualization as {
    readonly yConfig?: readonly { readonly forAccessor: string }[];
    readonly colorsByDimension?: object;
    readonly sorting?: { readonly columnId: string };
    readonly palette?: { readonly accessor?: string };
  };
  const named = [
    ...yConfig.map(({ forAccessor }) => forAccessor),
    ...Object.keys(colorsByDimension),
    ...(sorting === undefined ? [] : [sorting.columnId]),
    ...(palette?.accessor === undefined ? [] : [palette.accessor]),
  ];
  return named.filter((id) => columns[id] === undefined).map((id) => `${id} is named and is no column`);
}
