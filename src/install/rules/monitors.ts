import { readMark, unmarked } from '../../dashboards/mark.js';
import { asList, asObject } from '../../target/answer.js';

/** A monitor of OpenSearch Alerting, without its envelope; only what is looked at here has a type. */
export interface Monitor {
  readonly name: string;
  readonly enabled?: boolean;
  readonly schedule?: unknown;
  readonly triggers?: readonly Trigger[];
  readonly inputs?: readonly unknown[];
  readonly [field: string]: unknown;
}

/** One key says its kind: `bucket_level_trigger`, `query_level_trigger`. */
type Trigger = Readonly<Record<string, TriggerBody>>;

interface TriggerBody {
  readonly id?: string;
  readonly actions?: readonly unknown[];
  readonly [field: string]: unknown;
}

/** Which rule a monitor was made from, and the digest of what was made. */
export interface MonitorMark {
  readonly rule: string;
  readonly digest: string;
}

/** The mark in a monitor of ours, its query's `_name`; undefined for somebody else's, and where somebody wrote the query anew. */
export function monitorMark(monitor: Monitor): MonitorMark | undefined {
  const { search } = asObject(asList(monitor.inputs)[0]);
  const { query } = asObject(asObject(search).query);
  const name = asObject(asObject(query).bool)._name;
  const digest = typeof name === 'string' ? readMark(name) : undefined;
  return digest === undefined ? undefined : { rule: unmarked(String(name)), digest };
}

/** Ours with what is the user's: whether and when it runs, who is told, and triggers that they have added. */
export function mergeMonitor(wanted: Monitor, stored: Monitor): Monitor {
  const { enabled, schedule } = stored;
  const theirs = asList(stored.triggers) as readonly Trigger[];
  const own = (wanted.triggers ?? []).map((trigger) => withActions(trigger, theirs));
  const ids = new Set(own.map(idOf));
  return {
    ...wanted,
    ...(enabled === undefined ? {} : { enabled }),
    ...(schedule === undefined ? {} : { schedule }),
    triggers: [...own, ...theirs.filter((trigger) => !ids.has(idOf(trigger)))],
  };
}

function withActions(trigger: Trigger, stored: readonly Trigger[]): Trigger {
  const same = stored.find((one) => idOf(one) === idOf(trigger));
  const actions = same === undefined ? undefined : Object.values(same)[0]?.actions;
  if (actions === undefined) return trigger;
  return Object.fromEntries(Object.entries(trigger).map(([kind, body]) => [kind, { ...body, actions }]));
}

function idOf(trigger: Trigger): string | undefined {
  return Object.values(trigger)[0]?.id;
}
