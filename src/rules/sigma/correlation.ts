import type { Where } from '../../query/where.js';
import type { Expression } from '../expression.js';
import type { DistinctDetect, Rule, SequenceDetect, ThresholdDetect } from '../spec.js';

/** How Sigma says what several events have to do with each other; `rules` are names. */
export interface Correlation {
  readonly type: 'event_count' | 'value_count' | 'temporal_ordered';
  readonly rules: readonly string[];
  readonly 'group-by': readonly string[];
  readonly timespan: string;
  readonly condition?: { readonly gte: number; readonly field?: string };
}

/** Rules about single events and, where needed, correlations of them in order: the last one is the detection. */
export interface Correlated {
  readonly bases: readonly { readonly name: string; readonly title: string; readonly wheres: readonly Where[] }[];
  readonly correlations: readonly { readonly name: string; readonly correlation: Correlation }[];
}

export function correlationOf(rule: Rule): Expression<Correlated> {
  const { detect } = rule;
  switch (detect.kind) {
    case 'each':
      return { how: 'Rule; an alert for each event.', body: { bases: [], correlations: [] } };
    case 'threshold':
      return { how: 'Rule with an event_count correlation.', body: count(rule, detect) };
    case 'distinct':
      return { how: 'Rule with a value_count correlation.', body: count(rule, detect) };
    case 'sequence':
      return { how: 'Two rules with event_count and temporal_ordered correlations.', body: sequence(rule, detect) };
    case 'new_value':
      return { whyNot: 'Sigma has no word for a value that was not there before.' };
    case 'indicator':
      return { whyNot: 'Sigma does not look up values in other data.' };
    case 'silence':
      return { whyNot: 'Sigma has no word for events that do not come.' };
  }
}

function count(rule: Rule, detect: ThresholdDetect | DistinctDetect): Correlated {
  const event = nameOf(rule, 'event');
  const isDistinct = detect.kind === 'distinct';
  return {
    bases: [{ name: event, title: 'event', wheres: [rule.where] }],
    correlations: [
      {
        name: nameOf(rule),
        correlation: {
          type: isDistinct ? 'value_count' : 'event_count',
          rules: [event],
          ...within(rule),
          condition: { ...(isDistinct && { field: detect.field }), gte: detect.atLeast },
        },
      },
    ],
  };
}

function sequence(rule: Rule, { first, then, atLeast }: SequenceDetect): Correlated {
  const [one, many, next] = [nameOf(rule, 'first'), nameOf(rule, 'firsts'), nameOf(rule, 'then')];
  return {
    bases: [
      { name: one, title: 'first', wheres: [rule.where, first] },
      { name: next, title: 'then', wheres: [rule.where, then] },
    ],
    correlations: [
      { name: many, correlation: { type: 'event_count', rules: [one], ...within(rule), condition: { gte: atLeast } } },
      { name: nameOf(rule), correlation: { type: 'temporal_ordered', rules: [many, next], ...within(rule) } },
    ],
  };
}

function within({ detect, window }: Rule): Pick<Correlation, 'group-by' | 'timespan'> {
  return { 'group-by': detect.groupBy, timespan: window };
}

function nameOf({ id }: Rule, part?: string): string {
  return [id, part]
    .filter((word) => word !== undefined)
    .join('_')
    .replaceAll('-', '_');
}
