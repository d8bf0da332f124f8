import type { EngineKind } from '../../src/engine/index.js';
import type { SecuredCapability } from './secured-capabilities.js';

/** A stored event, and where it lies. */
export interface Victim {
  readonly stream: string;
  /** Its backing index. */
  readonly index: string;
  readonly id: string;
}

/** Something that a user may not be able to do. */
export interface Attempt {
  readonly what: string;
  readonly kind:
    | 'read'
    | 'change'
    | 'elsewhere'
    | 'create'
    | 'administer'
    | 'security'
    | 'cluster'
    | 'templates'
    | 'pipelines'
    | 'look';
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: (victim: Victim) => string;
  /** JSON, or lines of JSON. */
  readonly body?: (victim: Victim) => object | readonly object[];
  readonly only?: EngineKind;
  readonly needs?: SecuredCapability;
}

const document = { '@timestamp': '2026-01-01T00:00:00Z' };
const everything = { query: { match_all: {} } };

function bulk(
  what: string,
  kind: Attempt['kind'],
  lines: (victim: Victim) => readonly object[],
  needs?: SecuredCapability,
): Attempt {
  return { what, kind, method: 'POST', path: () => '/_bulk', body: lines, ...(needs && { needs }) };
}

function createIn(index: string): Attempt {
  return bulk(`write to ${index}`, 'elsewhere', () => [{ create: { _index: index } }, document]);
}

/** In this order: the last ones leave nothing to try on to who may do them. */
export const attempts: readonly Attempt[] = [
  { what: 'search', kind: 'read', method: 'GET', path: ({ stream }) => `/${stream}/_search` },
  { what: 'search a backing index', kind: 'read', method: 'GET', path: ({ index }) => `/${index}/_search` },
  { what: 'count', kind: 'read', method: 'GET', path: ({ stream }) => `/${stream}/_count` },
  {
    ...{ what: 'search several', kind: 'read', method: 'POST', path: () => '/_msearch' },
    body: ({ stream }) => [{ index: stream }, everything],
  },
  { what: 'get', kind: 'read', method: 'GET', path: ({ index, id }) => `/${index}/_doc/${id}` },
  {
    ...{ what: 'get several', kind: 'read', method: 'POST', path: () => '/_mget' },
    body: ({ index, id }) => ({ docs: [{ _index: index, _id: id }] }),
  },
  {
    ...{ what: 'begin a scroll', kind: 'read', method: 'POST', path: ({ stream }) => `/${stream}/_search?scroll=1s` },
    body: () => everything,
  },
  {
    ...{ what: 'open a point in time', kind: 'read', method: 'POST', only: 'elasticsearch' },
    path: ({ stream }) => `/${stream}/_pit?keep_alive=1s`,
  },
  {
    ...{ what: 'open a point in time', kind: 'read', method: 'POST', only: 'opensearch' },
    path: ({ stream }) => `/${stream}/_search/point_in_time?keep_alive=1s`,
  },
  bulk('add an event', 'create', ({ stream }) => [{ create: { _index: stream } }, document]),
  bulk('index without an id', 'create', ({ stream }) => [{ index: { _index: stream } }, document]),
  bulk('update an event', 'change', ({ index, id }) => [{ update: { _index: index, _id: id } }, { doc: { a: 1 } }]),
  bulk(
    'replace an event',
    'change',
    ({ index, id }) => [{ index: { _index: index, _id: id, if_seq_no: 0, if_primary_term: 1 } }, document],
    'create_only',
  ),
  bulk('delete an event', 'change', ({ index, id }) => [{ delete: { _index: index, _id: id } }]),
  createIn('elsewhere'),
  createIn('logs-cloudconnexa'),
  createIn('logs-other.flow-default'),
  createIn('.ds-logs-cloudconnexa.flow-planted'),
  {
    ...{ what: 'change settings', kind: 'administer', method: 'PUT', path: ({ index }) => `/${index}/_settings` },
    body: () => ({ index: { refresh_interval: '2s' } }),
  },
  {
    ...{ what: 'make an alias', kind: 'administer', method: 'POST', path: () => '/_aliases' },
    body: ({ stream }) => ({ actions: [{ add: { index: stream, alias: 'logs-cloudconnexa.alias-roles' } }] }),
  },
  { what: 'list indices', kind: 'administer', method: 'GET', path: ({ index }) => `/_cat/indices/${index}` },
  { what: 'close', kind: 'administer', method: 'POST', path: ({ index }) => `/${index}/_close` },
  { what: 'roll over', kind: 'administer', method: 'POST', path: ({ stream }) => `/${stream}/_rollover` },
  { what: 'delete an index', kind: 'administer', method: 'DELETE', path: ({ index }) => `/${index}` },
  { what: 'delete the data stream', kind: 'administer', method: 'DELETE', path: ({ stream }) => `/${stream}` },
  {
    ...{ what: 'delete the data stream by its own API', kind: 'administer', method: 'DELETE', only: 'opensearch' },
    path: ({ stream }) => `/_data_stream/${stream}`,
  },
  { what: 'read templates', kind: 'look', method: 'GET', path: () => '/_index_template/logs-cloudconnexa' },
  { what: 'read component templates', kind: 'look', method: 'GET', path: () => '/_component_template' },
  { what: 'read pipelines', kind: 'look', method: 'GET', path: () => '/_ingest/pipeline' },
  {
    ...{
      what: "change others' templates",
      kind: 'templates',
      method: 'PUT',
      path: () => '/_index_template/ccx-others',
    },
    body: () => ({ index_patterns: ['ccx-others-*'] }),
  },
  {
    ...{ what: 'change component templates', kind: 'templates', method: 'PUT' },
    path: () => '/_component_template/ccx-others',
    body: () => ({ template: {} }),
  },
  {
    ...{
      what: "change others' pipelines",
      kind: 'pipelines',
      method: 'PUT',
      path: () => '/_ingest/pipeline/ccx-others',
    },
    body: () => ({ processors: [] }),
  },
  {
    ...{ what: 'change cluster settings', kind: 'cluster', method: 'PUT', path: () => '/_cluster/settings' },
    body: () => ({ transient: { 'action.destructive_requires_name': 'true' } }),
  },
  { what: 'read users', kind: 'security', method: 'GET', only: 'elasticsearch', path: () => '/_security/user' },
  {
    ...{ what: 'read users', kind: 'security', method: 'GET', only: 'opensearch' },
    path: () => '/_plugins/_security/api/internalusers',
  },
  {
    ...{ what: 'make roles', kind: 'security', method: 'PUT', only: 'elasticsearch' },
    ...{ path: () => '/_security/role/ccx-others', body: () => ({ cluster: ['monitor'] }) },
  },
  {
    ...{ what: 'make roles', kind: 'security', method: 'PUT', only: 'opensearch' },
    path: () => '/_plugins/_security/api/roles/ccx-others',
    body: () => ({ cluster_permissions: ['cluster:monitor/main'] }),
  },
];
