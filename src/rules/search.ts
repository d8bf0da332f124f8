import type { estypes } from '@elastic/elasticsearch';
import type { Scalar } from '../query/where.js';

export type Query = estypes.QueryDslQueryContainer;

/** When events happened, or when they arrived at the cluster. */
export type Clock = '@timestamp' | 'event.ingested';

/** From when to when, both included. With `slotMs` the time in between is cut into slots, counted from 1970 on. */
export interface Span {
  readonly clock: Clock;
  readonly from: Date;
  readonly to: Date;
  readonly slotMs?: number;
}

/** What is counted: documents that fit all filters, for each combination of the fields' values, and each slot. */
export interface Question {
  readonly filters: readonly Query[];
  readonly span: Span;
  readonly by: readonly string[];
  /** Of which the first and the last value are told; `@timestamp` when left out. */
  readonly time?: Clock;
  /** A field whose distinct values are counted as well: as good as exact up to `upTo`, estimated beyond. */
  readonly values?: { readonly field: string; readonly upTo: number };
}

export type Key = Readonly<Record<string, Scalar>>;

/** Buckets of one page: each page goes through all documents again, and engines allow 65,535 buckets. */
export const PAGE = 5000;

const SLOT = 'slot';

/**
 * The search for a question: a composite aggregation, which every engine has, and no scripts, which some have not. What the counts mean
 * for a rule is decided here and not there.
 * @param after the last key of the page before
 */
export function tallyBody({ filters, span, by, time = '@timestamp', values }: Question, after?: Key): object {
  return {
    size: 0,
    track_total_hits: false,
    query: { bool: { filter: [...filters, spanQuery(span)] } },
    aggs: {
      tally: {
        composite: { size: PAGE, sources: sourcesOf(by, span), ...(after && { after }) },
        aggs: { first: { min: { field: time } }, last: { max: { field: time } }, ...(values && valuesAgg(values)) },
      },
    },
  } satisfies estypes.SearchRequest;
}

function valuesAgg({ field, upTo }: NonNullable<Question['values']>): object {
  return { values: { cardinality: { field, precision_threshold: upTo } } };
}

function sourcesOf(
  by: readonly string[],
  { clock, slotMs }: Span,
): Record<string, estypes.AggregationsCompositeAggregationSource>[] {
  const slots = { [SLOT]: { date_histogram: { field: clock, fixed_interval: `${slotMs}ms` } } };
  return [...by.map((field) => ({ [field]: { terms: { field } } })), ...(slotMs === undefined ? [] : [slots])];
}

export function spanQuery({ clock, from, to }: Span): Query {
  return { range: { [clock]: { gte: from.toISOString(), lte: to.toISOString() } } };
}

/** Documents that have one of the keys. */
export function anyOfKeys(keys: readonly Key[]): Query {
  return anyOf(keys.map(keyQueries));
}

/** Documents that fit all queries of one of the lists. */
export function anyOf(lists: readonly Query[][]): Query {
  return { bool: { should: lists.map((filter) => ({ bool: { filter } })), minimum_should_match: 1 } };
}

export function keyQueries(key: Key): Query[] {
  return Object.entries(key).map(([field, value]) => ({ term: { [field]: value } }));
}

/** How often a combination of values occurred in a slot, and from when to when, in milliseconds since 1970. */
export interface Tally {
  readonly key: Key;
  /** Number of the slot, counted from 1970 on; 0 where there are none. */
  readonly slot: number;
  readonly events: number;
  readonly first: number;
  readonly last: number;
  /** Number of distinct values, where the question wants it. */
  readonly values?: number;
}

interface Bucket {
  readonly key: Key;
  readonly doc_count: number;
  readonly first: { readonly value: number };
  readonly last: { readonly value: number };
  readonly values?: { readonly value: number };
}

/** Reads a bucket of {@link tallyBody}'s answer. */
export function tallyOf(bucket: unknown, { by, span: { slotMs } }: Question): Tally {
  const { key, doc_count: events, first, last, values } = bucket as Bucket;
  return {
    key: Object.fromEntries(by.map((field) => [field, key[field] ?? ''])),
    slot: slotMs === undefined ? 0 : Number(key[SLOT]) / slotMs,
    events,
    first: first.value,
    last: last.value,
    ...(values && { values: values.value }),
  };
}
