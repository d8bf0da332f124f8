import { digestOf, marked } from '../dashboards/mark.js';
import { streamPattern } from '../install/lifecycle.js';
import type { Expression } from './expression.js';
import type { Condition } from './monitors/condition.js';
import { inputOf } from './monitors/input.js';
import type { MonitorSearch } from './monitors/search.js';
import { durationMs } from './period.js';
import type { Rule, Severity } from './spec.js';
import { targetName } from './target-name.js';

/** Body of `POST _plugins/_alerting/monitors`: a monitor that looks at each group for itself. */
export interface MonitorBody {
  readonly type: 'monitor';
  readonly monitor_type: 'bucket_level_monitor';
  readonly name: string;
  readonly enabled: false;
  readonly schedule: { readonly period: { readonly interval: number; readonly unit: 'MINUTES' } };
  readonly inputs: readonly [
    { readonly search: { readonly indices: readonly string[]; readonly query: MonitorSearch } },
  ];
  readonly triggers: readonly [{ readonly bucket_level_trigger: Trigger }];
}

interface Trigger {
  readonly id: string;
  readonly name: string;
  /** 1 is the highest. */
  readonly severity: '1' | '2' | '3' | '4' | '5';
  readonly condition: Condition;
  readonly actions: readonly [];
}

const SEVERITIES = { critical: '1', high: '2', medium: '3', low: '4' } as const satisfies Record<Severity, string>;

export interface OpenSearchMonitor {
  /** Id of the rule. */
  readonly id: string;
  readonly monitor: Expression<MonitorBody>;
}

/** The monitor of each rule, disabled, or why there can be none. */
export function openSearchMonitors(rules: readonly Rule[]): OpenSearchMonitor[] {
  return rules.map((rule) => ({ id: rule.id, monitor: openSearchMonitor(rule) }));
}

export function openSearchMonitor(rule: Rule): Expression<MonitorBody> {
  const input = inputOf(rule);
  if ('whyNot' in input) return input;
  const { search, condition } = input.body;
  const body = {
    type: 'monitor',
    monitor_type: 'bucket_level_monitor',
    name: targetName(rule),
    enabled: false,
    // Alerting has no smaller unit.
    schedule: { period: { interval: Math.max(1, Math.round(durationMs(rule.every) / 60_000)), unit: 'MINUTES' } },
    inputs: [{ search: { indices: [streamPattern], query: search } }],
    triggers: [
      {
        bucket_level_trigger: {
          id: rule.id,
          name: targetName(rule),
          severity: SEVERITIES[rule.severity],
          condition,
          actions: [],
        },
      },
    ],
  } as const;
  const query = withMark(search, rule.id, digestOf(body));
  return { how: input.how, body: { ...body, inputs: [{ search: { indices: [streamPattern], query } }] } };
}

/**
 * With our mark as the `_name` of its query, which changes no result. Elsewhere it would not last: the server makes the ids of
 * monitors itself, and shows `ui_metadata` only to its own user interface, which writes it anew.
 */
function withMark(search: MonitorSearch, rule: string, digest: string): MonitorSearch {
  return { ...search, query: { bool: { ...search.query.bool, _name: marked(rule, digest) } } };
}

/**
 * The search that the monitor runs at `periodEnd`: dates filled in, and its condition as a `bucket_selector` inside the composite
 * aggregation, where alerting puts one of its own, so that the buckets of the answer are the alerts.
 */
export function monitorSearch(monitor: MonitorBody, periodEnd: Date): MonitorSearch {
  const [{ search }] = monitor.inputs;
  const [{ bucket_level_trigger: trigger }] = monitor.triggers;
  const { buckets_path, script, gap_policy, parent_bucket_path } = trigger.condition;
  const groups = search.query.aggregations[parent_bucket_path];
  const aggregations = { ...groups.aggregations, alerts: { bucket_selector: { buckets_path, script, gap_policy } } };
  const query = { ...search.query, aggregations: { [parent_bucket_path]: { ...groups, aggregations } } };
  return JSON.parse(JSON.stringify(query).replaceAll('{{period_end}}', String(periodEnd.getTime()))) as MonitorSearch;
}
