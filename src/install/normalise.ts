import type { ClusterKind } from '../manifest.js';
import { asObject } from '../target/answer.js';

/** A body taken apart: path of each leaf -> its value as JSON. Lists of plain values are leaves. */
export type Leaves = ReadonlyMap<string, string>;

/** What clusters add to every stored object. */
const stamps = new Set([
  'created_date',
  'created_date_millis',
  'modified_date',
  'modified_date_millis',
  'policy.policy_id',
  'policy.last_updated_time',
  'policy.schema_version',
  'policy.user',
]);

/** Defaults that clusters add, per kind: not a difference when ours does not name them. `[]` stands for any position. */
const defaults: Readonly<Record<ClusterKind, Readonly<Record<string, string>>>> = {
  component_template: {},
  index_template: {
    'data_stream.hidden': 'false',
    'data_stream.allow_custom_routing': 'false',
    'data_stream.timestamp_field.name': '"@timestamp"',
    ignore_missing_component_templates: '[]',
    allow_auto_create: 'null',
    deprecated: 'false',
  },
  ingest_pipeline: {},
  ilm_policy: {
    'policy.phases.hot.min_age': '"0ms"',
    'policy.phases.delete.actions.delete.delete_searchable_snapshot': 'true',
  },
  ism_policy: {
    'policy.error_notification': 'null',
    'policy.states[].actions[].retry.count': '3',
    'policy.states[].actions[].retry.backoff': '"exponential"',
    'policy.states[].actions[].retry.delay': '"1m"',
    'policy.states[].actions[].timeout': 'null',
    'policy.states[].actions[].rollover.copy_alias': 'false',
    'policy.states[].actions[].rollover.prevent_empty_rollover': 'false',
  },
};

/**
 * Takes a body apart so that what was sent and what a cluster gives back for it are equal: dates, defaults and ISM's
 * bookkeeping are dropped, settings are flat text, and empty objects are kept.
 */
export function normalise(kind: ClusterKind, body: object): Leaves {
  const leaves = new Map<string, string>();
  collect(kind === 'component_template' ? flatSettings(body) : body, '', leaves);
  const dropped = [...leaves].filter(([at, value]) => isStamp(at) || defaults[kind][anyPosition(at)] === value);
  for (const [at] of dropped) leaves.delete(at);
  // With all of its defaults dropped `data_stream` is what we send: an empty object.
  if ('data_stream' in body && ![...leaves.keys()].some((at) => at.startsWith('data_stream'))) {
    leaves.set('data_stream', '{}');
  }
  return leaves;
}

function collect(value: unknown, at: string, leaves: Map<string, string>): void {
  const entries = inner(value, at);
  if (entries === undefined || entries.length === 0) {
    leaves.set(at, JSON.stringify(value));
    return;
  }
  for (const [path, member] of entries) collect(member, path, leaves);
}

function inner(value: unknown, at: string): readonly (readonly [string, unknown])[] | undefined {
  if (Array.isArray(value)) {
    return value.some((item) => typeof item === 'object') ? value.map((item, i) => [`${at}[${i}]`, item]) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).map(([key, member]) => [at === '' ? key : `${at}.${key}`, member]);
}

function isStamp(at: string): boolean {
  return stamps.has(at) || at.startsWith('policy.user.') || /^policy\.ism_template\[\d+\]\.last_updated_time$/.test(at);
}

function anyPosition(at: string): string {
  return at.replace(/\[\d+\]/g, '[]');
}

/** Clusters take `index.codec`, `codec` and nested settings alike and give back nested text under `index`. */
function flatSettings(body: object): object {
  const template = asObject(asObject(body).template);
  if (template.settings === undefined) return body;
  const leaves = new Map<string, string>();
  collect(template.settings, '', leaves);
  const settings = [...leaves].map(([at, json]) => {
    const value = JSON.parse(json) as unknown;
    return [at.startsWith('index.') ? at : `index.${at}`, Array.isArray(value) ? value : String(value)] as const;
  });
  return { ...body, template: { ...template, settings: Object.fromEntries(settings) } };
}
