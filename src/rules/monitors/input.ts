import type { estypes } from '@elastic/elasticsearch';
import { toDsl } from '../../query/where.js';
import type { Expression } from '../expression.js';
import type { DistinctDetect, NewValueDetect, Rule, SequenceDetect, SilenceDetect } from '../spec.js';
import { condition } from './condition.js';
import { earlier, inputWith, recentAndBefore, type MonitorInput } from './search.js';

/**
 * Each page searches the whole history again, so pages are large. They stay below the 65 535 buckets that a search may make, also on a
 * shard, which looks at half as many values more.
 */
const PAGE_OF_VALUES = 10_000;
const PAGE_OF_GROUPS = 500;
const MAX_VALUES = 50;

/** What is searched for a rule, and which of the groups found raise an alert. */
export function inputOf(rule: Rule): Expression<MonitorInput> {
  const { detect } = rule;
  switch (detect.kind) {
    case 'each':
      return {
        how: 'Bucket-level monitor; an alert for each group, not for each event.',
        body: inputWith(rule, {}, condition({ events: '_count' }, 'params.events > 0')),
      };
    case 'threshold':
      return {
        how: 'Bucket-level monitor.',
        body: inputWith(rule, {}, condition({ events: '_count' }, `params.events >= ${detect.atLeast}`)),
      };
    case 'distinct':
      return { how: 'Bucket-level monitor.', body: distinct(rule, detect) };
    case 'sequence':
      return {
        how: 'Bucket-level monitor; the order of events is that of their times in milliseconds.',
        body: sequence(rule, detect),
      };
    case 'new_value':
      return detect.newGroups
        ? {
            how: `Bucket-level monitor; an alert for each new value. ${costOf(rule, detect)}`,
            body: newValue(rule, detect),
          }
        : {
            how:
              `Bucket-level monitor; one alert for a group, with its new values among the ${MAX_VALUES} most frequent ones of the window. ` +
              costOf(rule, detect),
            body: newValueOfKnown(rule, detect),
          };
    case 'indicator':
      return { whyNot: 'a monitor cannot look up the values of one index in another.' };
    case 'silence':
      return {
        how: `Bucket-level monitor. ${costOf(rule, detect)}`,
        body: silence(rule, detect),
      };
  }
}

function costOf({ window }: Rule, { history }: NewValueDetect | SilenceDetect): string {
  return (
    `Each run searches ${history} and ${window} back; OpenSearch ends a search of a monitor after ` +
    'plugins.alerting.input_timeout (30 s by default).'
  );
}

function distinct(rule: Rule, { field, atLeast }: DistinctDetect): MonitorInput {
  const aggregations = { values: { cardinality: { field } } };
  return inputWith(rule, aggregations, condition({ values: 'values' }, `params.values >= ${atLeast}`));
}

/** Of the first events the time of number `atLeast` decides: only what comes after that one comes after enough of them. */
function sequence(rule: Rule, { first, then, atLeast }: SequenceDetect): MonitorInput {
  const aggregations = {
    first: { filter: toDsl(first), aggregations: { enough: { scripted_metric: timeOfNumber(atLeast) } } },
    then: { filter: toDsl(then), aggregations: { last: { max: { field: '@timestamp' } } } },
  };
  const paths = { first: 'first>_count', then: 'then>_count', enough: 'first>enough.value', last: 'then>last' };
  const source = `params.first >= ${atLeast} && params.then > 0 && params.last > params.enough`;
  return inputWith(rule, aggregations, condition(paths, source));
}

function timeOfNumber(position: number): estypes.AggregationsScriptedMetricAggregation {
  return {
    init_script: 'state.times = []',
    map_script: "state.times.add(doc['@timestamp'].value.toInstant().toEpochMilli())",
    combine_script: 'return state.times',
    reduce_script:
      'def times = []; for (found in states) { if (found != null) { times.addAll(found) } } Collections.sort(times); ' +
      `return times.size() < ${position} ? 0 : times.get(${position - 1})`,
  };
}

function newValue(rule: Rule, { field, groupBy, history }: NewValueDetect): MonitorInput {
  const made = condition(
    { recent: 'recent>_count', before: 'before>_count' },
    'params.recent > 0 && params.before == 0',
  );
  return inputWith(rule, recentAndBefore(rule.window), made, {
    groupBy: [...groupBy, field],
    history,
    page: PAGE_OF_VALUES,
  });
}

/** The values of a group that are left are new; there must be others. */
function newValueOfKnown(rule: Rule, { field, history }: NewValueDetect): MonitorInput {
  const isNew = {
    bucket_selector: {
      buckets_path: { recent: 'recent>_count', before: 'before>_count' },
      script: 'params.recent > 0 && params.before == 0',
    },
  };
  const aggregations = {
    before: { filter: { bool: { filter: [earlier(rule.window), { exists: { field } }] } } },
    values: {
      terms: { field, size: MAX_VALUES, order: { recent: 'desc' as const } },
      aggregations: { ...recentAndBefore(rule.window), is_new: isNew },
    },
  };
  const paths = { before: 'before>_count', values: 'values._bucket_count' };
  const made = condition(paths, 'params.before > 0 && params.values > 0');
  return inputWith(rule, aggregations, made, { history, page: PAGE_OF_GROUPS });
}

function silence(rule: Rule, { history }: SilenceDetect): MonitorInput {
  const made = condition(
    { recent: 'recent>_count', before: 'before>_count' },
    'params.recent == 0 && params.before > 0',
  );
  return inputWith(rule, recentAndBefore(rule.window), made, { history });
}
