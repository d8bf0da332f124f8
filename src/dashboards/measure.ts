import type { estypes } from '@elastic/elasticsearch';
import { asObject } from '../target/answer.js';
import type { DataView, Measure } from './spec.js';

type Agg = estypes.AggregationsAggregationContainer;

/** The aggregations for measures, `m0`, `m1` …; a count needs none, as every bucket has it. */
export function measureAggs(measures: readonly Measure[], dataView: DataView): Record<string, Agg> {
  return Object.fromEntries(
    measures.flatMap((measure, i) => (measure.of === 'count' ? [] : [[`m${i}`, measureAgg(measure, dataView)]])),
  );
}

function measureAgg({ of, field }: Measure, dataView: DataView): Agg {
  const computed = computedOf(field, dataView);
  if (computed === undefined) return metric(of, { field: field ?? '' });
  const source = { script: { lang: 'painless', source: computed.script } };
  return {
    filter: { bool: { filter: computed.from.map((name) => ({ exists: { field: name } })) } },
    aggs: { value: metric(of, source) },
  };
}

type Source = Pick<estypes.AggregationsMetricAggregationBase, 'field' | 'script'>;

function metric(of: Measure['of'], source: Source): Agg {
  switch (of) {
    case 'count':
      return { value_count: source };
    case 'unique':
      return { cardinality: source };
    case 'min':
      return { min: source };
    case 'max':
      return { max: source };
    case 'avg':
      return { avg: source };
    case 'p95':
      return { percentiles: { ...source, percents: [95] } };
  }
}

/** Largest first, by the first measure. */
export function order(measure: Measure | undefined, dataView: DataView): Record<string, 'desc'> {
  if (measure === undefined || measure.of === 'count') return { _count: 'desc' };
  const path = computedOf(measure.field, dataView) === undefined ? 'm0' : 'm0>value';
  return { [measure.of === 'p95' ? `${path}.95` : path]: 'desc' };
}

function computedOf(field: string | undefined, { computed }: DataView) {
  return computed.find(({ name }) => name === field);
}

/** A bucket's value of the measure with this number; null where there is none. Times are in milliseconds since 1970. */
export function measured(bucket: unknown, { of }: Measure, number: number): number | null {
  const found = asObject(bucket);
  if (of === 'count') return finite(found['doc_count']) ?? 0;
  const outer = asObject(found[`m${number}`]);
  const { value, values } = 'doc_count' in outer ? asObject(outer['value']) : outer;
  return of === 'p95' ? finite(asObject(values)['95.0']) : finite(value);
}

/** The engines say that there is no value by null, by `"NaN"` and by infinity. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
