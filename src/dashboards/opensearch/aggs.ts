import { toKuery } from '../../query/where.js';
import type { Group, Measure, Split, Terms } from '../spec.js';

/** One aggregation as `visState.aggs` has it; the `schema` says which part of the drawing it makes. */
export interface Agg {
  readonly id: string;
  readonly enabled: true;
  readonly type: string;
  readonly schema: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Aggregations of a drawing are numbered from 1, the measure first: those by which it is split are ordered by it. */
const MEASURE = 1;

const types = {
  count: 'count',
  unique: 'cardinality',
  min: 'min',
  max: 'max',
  avg: 'avg',
  p95: 'percentiles',
} as const;

export function metricAgg(measure: Measure, id = MEASURE): Agg {
  const params = {
    ...(measure.field !== undefined && { field: measure.field }),
    ...(measure.of === 'p95' && { percents: [95] }),
    customLabel: ownLabel(measure),
  };
  return agg(id, types[measure.of], 'metric', params);
}

/** What legends and columns call the measure: percentiles get words in front that can't be turned off. */
export function labelOf(measure: Measure): string {
  return measure.of === 'p95' ? `95th percentile of ${ownLabel(measure)}` : measure.title;
}

function ownLabel({ of, title }: Measure): string {
  return of === 'p95' ? title.replace(/ \(p95\)$/, '') : title;
}

/** The values that have most of the measure, which is the aggregation 1. */
export function termsAgg({ field, title, size }: Terms, measure: Measure, id: number, schema: string): Agg {
  // A percentile is a value inside the answer of its aggregation.
  const orderBy = measure.of === 'p95' ? `${MEASURE}.95` : String(MEASURE);
  return agg(id, 'terms', schema, {
    field,
    orderBy,
    order: 'desc',
    size,
    otherBucket: false,
    otherBucketLabel: 'Other',
    missingBucket: false,
    missingBucketLabel: 'Missing',
    customLabel: title,
  });
}

export function groupsAgg(groups: readonly Group[], id: number, schema: string): Agg {
  const filters = groups.map(({ title, where }) => ({
    input: { query: toKuery(where), language: 'kuery' },
    label: title,
  }));
  return agg(id, 'filters', schema, { filters });
}

export function splitAgg(split: Split, measure: Measure, id: number, schema: string): Agg {
  return 'groups' in split ? groupsAgg(split.groups, id, schema) : termsAgg(split, measure, id, schema);
}

export function timeAgg(field: string, id: number): Agg {
  return agg(id, 'date_histogram', 'segment', {
    field,
    useNormalizedOpenSearchInterval: true,
    scaleMetricValues: false,
    interval: 'auto',
    drop_partials: false,
    min_doc_count: 1,
    extended_bounds: {},
  });
}

function agg(id: number, type: string, schema: string, params: Agg['params']): Agg {
  return { id: String(id), enabled: true, type, schema, params };
}
