import type { estypes } from '@elastic/elasticsearch';
import { toDsl, type Where } from '../query/where.js';
import { intervalOf } from './interval.js';
import { measureAggs, order } from './measure.js';
import type { ChartPanel, Dashboard, DataView, HeatmapPanel, Measure, SavedSearch, Split, Terms } from './spec.js';

export { eventsData, panelData, valuesData } from './answer.js';

/** What a reader has chosen to see. */
export interface PanelQuery {
  /** ISO 8601 times; `to` is not in the range. */
  readonly from: string;
  readonly to: string;
  /** In addition to the dashboard's and the panel's. */
  readonly where: Where;
}

/** Body of a `_search`; both engines know all of it. */
export type SearchBody = Pick<
  estypes.SearchRequest,
  'size' | 'query' | 'aggs' | 'sort' | 'fields' | '_source' | 'track_total_hits'
>;

type Aggs = Record<string, estypes.AggregationsAggregationContainer>;

/** How many events a table of events shows. */
export const EVENTS = 50;

/**
 * The search behind a panel, to be sent to the data view's pattern; `panelData` reads its answer. Panels that measure a computed field
 * need an engine with Painless.
 */
export function panelSearch(
  panel: ChartPanel,
  { where }: Pick<Dashboard, 'where'>,
  dataView: DataView,
  query: PanelQuery,
): SearchBody {
  return {
    size: 0,
    track_total_hits: false,
    query: queryOf(dataView, query, [where, panel.where]),
    aggs: new Builder(dataView, query).aggsOf(panel),
  } satisfies SearchBody;
}

/** The search for the newest events of a saved search, on a dashboard or (`{ where: {} }`) alone; `eventsData` reads its answer. */
export function eventsSearch(
  search: SavedSearch,
  { where }: Pick<Dashboard, 'where'>,
  dataView: DataView,
  query: PanelQuery,
): SearchBody {
  const { timeField } = dataView;
  return {
    size: EVENTS,
    track_total_hits: false,
    query: queryOf(dataView, query, [where, search.where]),
    sort: [{ [timeField]: { order: 'desc' } }],
    _source: false,
    fields: [{ field: timeField, format: 'epoch_millis' }, ...search.columns],
  } satisfies SearchBody;
}

/** The search for the values of a dashboard's controls, those with most events first; `valuesData` reads its answer. */
export function valuesSearch(
  { where, controls }: Pick<Dashboard, 'where' | 'controls'>,
  dataView: DataView,
  query: PanelQuery,
  size = 100,
): SearchBody {
  return {
    size: 0,
    track_total_hits: false,
    query: queryOf(dataView, query, [where]),
    aggs: Object.fromEntries(controls.map(({ field }, i) => [`c${i}`, { terms: { field, size } }])),
  } satisfies SearchBody;
}

function queryOf({ timeField }: DataView, { from, to, where }: PanelQuery, wheres: readonly Where[]) {
  return {
    bool: {
      filter: [
        { range: { [timeField]: { gte: from, lt: to, format: 'strict_date_optional_time' } } },
        ...[...wheres, where].filter((one) => Object.keys(one).length > 0).map(toDsl),
      ],
    },
  } satisfies estypes.QueryDslQueryContainer;
}

class Builder {
  readonly #dataView: DataView;
  readonly #fromMs: number;
  readonly #toMs: number;

  constructor(dataView: DataView, { from, to }: PanelQuery) {
    this.#dataView = dataView;
    this.#fromMs = Date.parse(from);
    this.#toMs = Date.parse(to);
  }

  aggsOf(panel: ChartPanel): Aggs {
    switch (panel.chart) {
      case 'metric':
        return { split: this.#split(panel.groups && { groups: panel.groups }, panel.measure) };
      case 'series':
        return { split: this.#split(panel.split, panel.measure, { over: this.#over(panel.measure) }) };
      case 'bars':
        return { by: this.#terms(panel.by, [panel.measure], { split: this.#split(panel.split, panel.measure) }) };
      case 'share':
        return { split: this.#split(panel.by, panel.measure) };
      case 'table':
        return this.#rows(panel.rows, panel.measures);
      case 'heatmap':
        return this.#heatmap(panel);
    }
  }

  /** Always a bucket for each part, also when there is one part only. */
  #split(split: Split | undefined, measure: Measure, inner: Aggs = {}): estypes.AggregationsAggregationContainer {
    if (split !== undefined && !('groups' in split)) return this.#terms(split, [measure], inner);
    const groups = split?.groups ?? [{ where: {} }];
    return {
      filters: { filters: Object.fromEntries(groups.map(({ where }, i) => [`g${i}`, toDsl(where)])) },
      ...this.#inside([measure], inner),
    };
  }

  #terms(
    { field, size }: Terms,
    measures: readonly Measure[],
    inner: Aggs = {},
  ): estypes.AggregationsAggregationContainer {
    return {
      terms: { field, size, order: order(measures[0], this.#dataView) },
      ...this.#inside(measures, inner),
    };
  }

  /** Empty times are buckets too: silence must be seen. */
  #over(measure: Measure): estypes.AggregationsAggregationContainer {
    return {
      date_histogram: {
        field: this.#dataView.timeField,
        fixed_interval: intervalOf(this.#toMs - this.#fromMs),
        min_doc_count: 0,
        extended_bounds: { min: this.#fromMs, max: this.#toMs - 1 },
      },
      ...this.#inside([measure], {}),
    };
  }

  /** Aggregations within each other: composite ones know no order by a measure, multi-terms are not in all builds. */
  #rows([first, ...rest]: readonly Terms[], measures: readonly Measure[]): Aggs {
    return first === undefined ? {} : { row: this.#terms(first, measures, this.#rows(rest, measures)) };
  }

  /** The axes are asked for by themselves: within each other, each value of one has its own largest of the other. */
  #heatmap({ x, y, measure }: HeatmapPanel): Aggs {
    const across = this.#terms({ ...x, size: CELLS }, [measure]);
    return {
      xs: this.#terms(x, [measure]),
      ys: this.#terms(y, [measure], { cells: across }),
    };
  }

  #inside(measures: readonly Measure[], inner: Aggs): { aggs?: Aggs } {
    const aggs = { ...measureAggs(measures, this.#dataView), ...inner };
    return Object.keys(aggs).length > 0 ? { aggs } : {};
  }
}

/** As many cells of a line are asked for, to have among them those of the panel's columns. */
const CELLS = 500;
