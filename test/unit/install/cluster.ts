import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../src/config.js';
import type { CommandContext } from '../../../src/commands/context.js';
import { fullTarget, type Capability, type Engine } from '../../../src/target/capability.js';
import { alertingReply, isAlerting, type StoredMonitor } from './alerting.js';

export interface ClusterOptions {
  readonly engine: Engine;
  readonly lacks?: readonly Capability[];
  /** Requests that are answered with 403: those whose `METHOD /path` matches. */
  readonly denies?: RegExp;
  /** Requests that are answered with 400. */
  readonly breaks?: RegExp;
  readonly version?: string;
  readonly flavor?: string;
  /** With the alerting plugin. */
  readonly alerting?: boolean;
  /** Data streams that are there from the start, with their number of documents. */
  readonly streams?: Readonly<Record<string, number>>;
}

/** One stored object and what the engines keep beside it. */
interface Entry {
  body: Record<string, unknown>;
  seqNo: number;
}

export interface Cluster {
  readonly url: string;
  /** `METHOD /path?query` of every request that is not a GET or a simulation. */
  readonly changes: readonly string[];
  /** Every request. */
  readonly requests: readonly string[];
  /** Stored objects by API path, `/_component_template/x`. */
  readonly stored: Map<string, Entry>;
  readonly streams: Map<string, number>;
  readonly monitors: Map<string, StoredMonitor>;
  close(): Promise<void>;
}

type Reply = readonly [status: number, body: unknown];

const notThere: Reply = [400, { error: 'no handler found for uri and method', status: 400 }];

/**
 * A server that stores assets as the documentation of both engines says, with their defaults and bookkeeping: ILM, ISM
 * and data stream lifecycles are in none of the engines that tests can start.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const requests: string[] = [];
  const stored = new Map<string, Entry>();
  const streams = new Map(Object.entries(options.streams ?? {}));
  const has = new Set([...fullTarget(options.engine).capabilities].filter((name) => !options.lacks?.includes(name)));
  const monitors = new Map<string, StoredMonitor>();
  const context = { options, stored, streams, monitors, has };
  const server = createServer((request, response) => {
    void answer(request, response, context, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stored,
    streams,
    monitors,
    get changes() {
      return requests.filter((line) => !/^GET|_simulate|\/_search$/.test(line));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface State {
  readonly options: ClusterOptions;
  readonly stored: Map<string, Entry>;
  readonly streams: Map<string, number>;
  readonly monitors: Map<string, StoredMonitor>;
  readonly has: ReadonlySet<Capability>;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  requests: string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const line = `${request.method} ${decodeURIComponent(request.url ?? '')}`;
  requests.push(line);
  const [status, body] = reply(line, text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), state);
  const product = state.options.engine === 'elasticsearch' ? { 'x-elastic-product': 'Elasticsearch' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...product }).end(JSON.stringify(body));
}

function reply(line: string, body: Record<string, unknown>, state: State): Reply {
  const { denies, breaks } = state.options;
  if (denies?.test(line)) {
    return [403, { error: { type: 'security_exception', reason: `action for ${line} is unauthorized` }, status: 403 }];
  }
  if (breaks?.test(line)) {
    return [400, { error: { type: 'illegal_argument_exception', reason: 'broken on purpose' }, status: 400 }];
  }
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  if (path === '/') return identity(state.options);
  if (path.endsWith('/_simulate')) return simulate(body, state);
  if (path.startsWith('/_resolve/index')) return resolveIndex(state);
  if (path.endsWith('/_count')) return [200, { count: state.streams.get(path.slice(1, -'/_count'.length)) ?? 0 }];
  if (path.endsWith('/_mapping')) return [200, { acknowledged: true }];
  if (path.endsWith('/_lifecycle')) return state.has.has('data_stream_lifecycle') ? [200, {}] : notThere;
  if (path.startsWith('/_data_stream/')) return dataStream(method, path, state);
  if (path.startsWith('/_plugins/_ism/add/')) return managed(path, 'This index already has a policy', state);
  if (path.startsWith('/_plugins/_ism/change_policy/')) return managed(path, undefined, state);
  if (isAlerting(path)) {
    return state.options.alerting ? alertingReply(method, path, query, body, state.monitors) : notThere;
  }
  return store(method, path, query, body, state);
}

function identity({ engine, version, flavor }: ClusterOptions): Reply {
  const number = version ?? (engine === 'elasticsearch' ? '8.19.4' : '2.19.4');
  if (engine === 'opensearch') return [200, { version: { distribution: 'opensearch', number } }];
  return [200, { version: { number, build_flavor: flavor ?? 'default' }, tagline: 'You Know, for Search' }];
}

/** Which capability a simulated body is about. */
function askedFor(text: string): Capability {
  const marks: readonly (readonly [string, Capability])[] = [
    ['ignore_missing_component_templates', 'ignore_missing_component_templates'],
    ['"value":"logs"', 'constant_keyword'],
    ['"constant_keyword"', 'constant_keyword_from_data'],
    ['match_only_text', 'match_only_text'],
    ['flattened', 'flattened'],
    ['flat_object', 'flat_object'],
    ['ignore_missing_pipeline', 'ingest_ignore_missing_pipeline'],
    ['"pipeline":{"name"', 'ingest_custom'],
    ['GeoLite2-City', 'ingest_geo'],
    ['"if"', 'ingest_conditions'],
    ['logsdb', 'logsdb'],
    ['use_doc_values_skipper', 'doc_values_skipper'],
    ['merge.policy', 'tiered_merges'],
    ['GeoLite2-ASN', 'ingest_as'],
    ['_meta', 'pipeline_meta'],
    ['"set"', 'ingest_pipeline'],
  ];
  return marks.find(([mark]) => text.includes(mark))?.[1] ?? 'data_stream';
}

function simulate(body: object, { has }: State): Reply {
  const capability = askedFor(JSON.stringify(body));
  const error = { type: 'illegal_argument_exception', reason: `${capability} is unknown here` };
  return has.has(capability) ? [200, { docs: [] }] : [400, { error, status: 400 }];
}

function resolveIndex({ streams }: State): Reply {
  const found = [...streams.keys()].map((name) => ({ name, backing_indices: [`.ds-${name}-000001`] }));
  return [200, { indices: [], aliases: [], data_streams: found }];
}

function dataStream(method: string, path: string, { has, streams }: State): Reply {
  if (!has.has('data_stream_api')) return notThere;
  if (method === 'DELETE') streams.delete(path.slice('/_data_stream/'.length));
  return [200, { data_streams: [] }];
}

/** ISM refuses some indices and says which: half of them here when a reason is given. */
function managed(path: string, refusal: string | undefined, { has }: State): Reply {
  if (!has.has('ism')) return notThere;
  const indices = (path.split('/').at(-1) ?? '').split(',');
  const refused = refusal === undefined ? [] : indices.slice(1);
  return [
    200,
    {
      updated_indices: indices.length - refused.length,
      failures: refused.length > 0,
      failed_indices: refused.map((index) => ({ index_name: index, index_uuid: 'u', reason: refusal })),
    },
  ];
}

function store(method: string, path: string, query: string, body: Record<string, unknown>, state: State): Reply {
  const { stored, has } = state;
  if (path.startsWith('/_ilm/') && !has.has('ilm')) return notThere;
  if (path.startsWith('/_plugins/_ism/') && !has.has('ism')) return notThere;
  const entry = stored.get(path);
  if (method === 'PUT') return put(path, query, body, entry, state);
  if (entry === undefined) return missing(path);
  if (method === 'DELETE') return stored.delete(path) ? [200, { acknowledged: true }] : notThere;
  return [200, shown(path, entry)];
}

function put(
  path: string,
  query: string,
  body: Record<string, unknown>,
  entry: Entry | undefined,
  { stored }: State,
): Reply {
  const seen = new URLSearchParams(query).get('if_seq_no');
  if (path.startsWith('/_plugins/_ism/') && seen !== (entry === undefined ? null : String(entry.seqNo))) {
    return [409, { error: { type: 'version_conflict_engine_exception', reason: 'document already exists' } }];
  }
  stored.set(path, { body, seqNo: (entry?.seqNo ?? 6) + 1 });
  return [200, { acknowledged: true }];
}

function missing(path: string): Reply {
  if (path.startsWith('/_ingest/')) return [404, {}];
  if (path.startsWith('/_plugins/')) return [404, { error: { type: 'status_exception', reason: 'Policy not found' } }];
  return [404, { error: { type: 'resource_not_found_exception', reason: 'there is none' }, status: 404 }];
}

/** What a GET gives back: the body with what the engines add to it. */
function shown(path: string, { body, seqNo }: Entry): unknown {
  const name = path.split('/').at(-1) ?? '';
  const dates = { created_date_millis: 1, modified_date_millis: 2 };
  if (path.startsWith('/_component_template/')) {
    return { component_templates: [{ name, component_template: { ...body, ...dates } }] };
  }
  if (path.startsWith('/_index_template/')) {
    const stream = { data_stream: { hidden: false, allow_custom_routing: false } };
    return { index_templates: [{ name, index_template: { ...body, ...stream, ...dates } }] };
  }
  if (path.startsWith('/_ingest/')) return { [name]: { ...body, ...dates } };
  if (path.startsWith('/_ilm/')) return { [name]: { version: 1, modified_date: 'now', in_use_by: {}, ...body } };
  return {
    _id: name,
    _version: 1,
    _seq_no: seqNo,
    _primary_term: 1,
    policy: ismPolicy(name, body.policy as IsmPolicy),
  };
}

interface IsmPolicy {
  readonly states: readonly { readonly actions: readonly Record<string, object>[] }[];
  readonly ism_template: readonly object[];
}

function ismPolicy(id: string, policy: IsmPolicy): object {
  const retry = { count: 3, backoff: 'exponential', delay: '1m' };
  const states = policy.states.map((state) => ({
    ...state,
    actions: state.actions.map((action) => ({
      retry,
      ...action,
      ...('rollover' in action ? { rollover: { ...action.rollover, copy_alias: false } } : {}),
    })),
  }));
  const templates = policy.ism_template.map((template) => ({ ...template, last_updated_time: 5 }));
  const added = { policy_id: id, last_updated_time: 5, schema_version: 21, error_notification: null };
  return { ...added, ...policy, states, ism_template: templates };
}

/** Settings beside those of the cluster. */
export interface ContextSettings {
  readonly lifecycle?: Partial<Config['lifecycle']>;
  readonly output?: Partial<Config['output']>;
  readonly dashboards?: Config['dashboards'];
  readonly rules?: Config['rules'];
}

/** A command's context for a cluster, which keeps what the command prints. */
export function contextFor(
  url: string,
  { lifecycle, output, dashboards, rules }: ContextSettings = {},
): { readonly context: CommandContext; readonly stdout: () => string; readonly stderr: () => string } {
  const out: string[] = [];
  const err: string[] = [];
  const config = {
    output: { hosts: [url], engine: 'auto', request_timeout_s: 10, gzip: false, namespace: 'default', ...output },
    lifecycle: { rollover_size_gb: 50, rollover_age_days: 30, delete_after_days: 365, ...lifecycle },
    dashboards: { ...dashboards },
    rules: { enable: false, ...rules },
    inputs: [{ type: 'stdin' }],
    data_dir: join(tmpdir(), 'cloudconnexa-ecs-test-that-is-not-there'),
  };
  const context = {
    loadConfig: () => Promise.resolve(config as unknown as Config),
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  };
  return { context: context as unknown as CommandContext, stdout: () => out.join(''), stderr: () => err.join('') };
}
