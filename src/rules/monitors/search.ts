import type { estypes } from '@elastic/elasticsearch';
import { toDsl, type Where } from '../../query/where.js';
import type { Rule } from '../spec.js';
import { GROUPS, type Condition } from './condition.js';

export type Query = estypes.QueryDslQueryContainer;
export type Aggregations = Readonly<Record<string, estypes.AggregationsAggregationContainer>>;

/** What a monitor searches: a bucket for each group. `{{period_end}}` is the time of the run. */
export interface MonitorSearch {
  readonly size: 0;
  readonly query: Query;
  readonly aggregations: Readonly<Record<typeof GROUPS, Groups>>;
}

interface Groups {
  readonly composite: estypes.AggregationsCompositeAggregation;
  readonly aggregations: Aggregations;
}

export interface MonitorInput {
  readonly search: MonitorSearch;
  readonly condition: Condition;
}

/** Where it is not the rule's own window and groups that are searched. */
interface Extent {
  readonly groupBy?: readonly string[];
  readonly history?: string;
  /** Groups a page; alerting asks for page after page. */
  readonly page?: number;
}

export function inputWith(
  rule: Rule,
  aggregations: Aggregations,
  condition: Condition,
  extent: Extent = {},
): MonitorInput {
  const { groupBy = rule.detect.groupBy, history, page = 1000 } = extent;
  const back = history === undefined ? `||-${rule.window}` : `||-${history}-${rule.window}`;
  const sources = groupBy.map((field) => ({ [field]: { terms: { field } } }));
  return {
    search: {
      size: 0,
      query: { bool: { filter: [ingested({ gte: back, lte: '' }), ...filters(rule.where)] } },
      aggregations: { [GROUPS]: { composite: { size: page, sources }, aggregations } },
    },
    condition,
  };
}

function filters(where: Where): Query[] {
  return Object.keys(where).length === 0 ? [] : [toDsl(where)];
}

/** The two parts of the time that is searched; `now` would be another time than the run's. */
export function recentAndBefore(window: string): { recent: { filter: Query }; before: { filter: Query } } {
  return { recent: { filter: ingested({ gte: `||-${window}` }) }, before: { filter: earlier(window) } };
}

export function earlier(window: string): Query {
  return ingested({ lt: `||-${window}` });
}

/** Bounds by the date math that follows the time of the run. */
function ingested(bounds: Readonly<Partial<Record<'gte' | 'lt' | 'lte', string>>>): Query {
  const dates = Object.entries(bounds).map(([name, math]): [string, string] => [name, `{{period_end}}${math}`]);
  return { range: { 'event.ingested': { ...Object.fromEntries(dates), format: 'epoch_millis' } } };
}
