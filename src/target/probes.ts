import { asList, asObject, errorType, isOk, type Answer, type Method } from './answer.js';
import type { Capability, Engine } from './capability.js';

/** One question that changes nothing on the cluster and whose answer tells whether it has a capability. */
export interface Probe {
  readonly capability: Capability;
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** What to grant when the cluster answers 403. */
  readonly privilege: Readonly<Partial<Record<Engine, string>>>;
  /** Whether the answer means that it is there; by default a success does. */
  readonly present?: (answer: Answer) => boolean;
}

const templatePrivilege = {
  elasticsearch: 'cluster privilege manage_index_templates',
  opensearch: 'cluster permission cluster_manage_index_templates',
};
const pipelinePrivilege = {
  elasticsearch: 'cluster privilege manage_ingest_pipelines',
  opensearch: 'cluster permission cluster_manage_pipelines',
};
const streamPrivilege = {
  elasticsearch: 'index privilege view_index_metadata on logs-cloudconnexa.*-*',
  opensearch: 'index permission indices:admin/data_stream/get on logs-cloudconnexa.*-*',
};

/** Probes in no order of importance: each stands alone. */
export const probes: readonly Probe[] = [
  template('data_stream', { data_stream: {} }),
  fieldType('constant_keyword', { type: 'constant_keyword', value: 'logs' }),
  fieldType('constant_keyword_from_data', { type: 'constant_keyword' }),
  fieldType('match_only_text', { type: 'match_only_text' }),
  fieldType('flattened', { type: 'flattened' }),
  fieldType('flat_object', { type: 'flat_object' }),
  template('ignore_missing_component_templates', {
    composed_of: [absentName()],
    ignore_missing_component_templates: [absentName()],
  }),
  template('logsdb', {
    data_stream: {},
    template: { settings: { 'index.mode': 'logsdb', 'index.mapping.source.mode': 'stored' } },
  }),
  template('doc_values_skipper', { template: { settings: { 'index.mapping.use_doc_values_skipper': false } } }),
  template('tiered_merges', { template: { settings: { 'index.merge.policy.segments_per_tier': 20 } } }),
  pipeline('ingest_pipeline', {
    processors: [{ set: { field: 'event.ingested', value: '{{{_ingest.timestamp}}}' } }],
    on_failure: [{ append: { field: 'error.message', value: '{{{_ingest.on_failure_message}}}' } }],
  }),
  pipeline('ingest_geo', { processors: [geoip('GeoLite2-City.mmdb')] }),
  pipeline('ingest_as', {
    processors: [geoip('GeoLite2-ASN.mmdb'), { rename: { field: 'from', target_field: 'to', ignore_missing: true } }],
  }),
  pipeline('ingest_conditions', {
    processors: [{ set: { field: 'probe', value: 'x', if: 'ctx.source?.nat == null' } }],
  }),
  // A missing pipeline fails the processor; that failure says that the processor is there.
  pipeline('ingest_custom', { processors: [{ pipeline: { name: absentName(), ignore_failure: true } }] }),
  pipeline('ingest_ignore_missing_pipeline', {
    processors: [{ pipeline: { name: absentName(), ignore_missing_pipeline: true } }],
  }),
  pipeline('pipeline_meta', { _meta: { managed_by: 'cloudconnexa-ecs' }, processors: [] }),
  {
    capability: 'ilm',
    method: 'GET',
    path: '/_ilm/policy/logs-cloudconnexa@lifecycle',
    privilege: { elasticsearch: 'cluster privilege manage_ilm' },
    // No such policy is an answer of ILM itself.
    present: (answer) => isOk(answer) || errorType(answer) === 'resource_not_found_exception',
  },
  {
    capability: 'ism',
    method: 'GET',
    path: '/_plugins/_ism/policies/logs-cloudconnexa@lifecycle',
    privilege: { opensearch: 'cluster permission cluster:admin/opendistro/ism/policy/*' },
    // Without the plugin OpenSearch answers 400; 404 means that there is no such policy yet.
    present: (answer) => isOk(answer) || answer.status === 404,
  },
  {
    capability: 'alerting',
    method: 'POST',
    path: '/_plugins/_alerting/monitors/_search',
    body: { size: 0, query: { match_all: {} } },
    privilege: { opensearch: 'cluster permission cluster:admin/opendistro/alerting/monitor/search' },
    // Without the plugin OpenSearch answers 400; 404 means that there is no monitor yet.
    present: (answer) => isOk(answer) || answer.status === 404,
  },
  {
    capability: 'data_stream_lifecycle',
    method: 'GET',
    path: '/_data_stream/logs-cloudconnexa.*-*/_lifecycle',
    privilege: streamPrivilege,
  },
  {
    capability: 'data_stream_api',
    method: 'GET',
    path: '/_data_stream/logs-cloudconnexa.*-*',
    privilege: streamPrivilege,
  },
];

function absentName(): string {
  return 'cloudconnexa-ecs-probe-absent';
}

function template(capability: Capability, body: object): Probe {
  return {
    capability,
    method: 'POST',
    path: '/_index_template/_simulate',
    body: { index_patterns: ['cloudconnexa-ecs-probe-*'], ...body },
    privilege: templatePrivilege,
  };
}

function fieldType(capability: Capability, mapping: object): Probe {
  return template(capability, { template: { mappings: { properties: { probe: mapping } } } });
}

function geoip(database: string): object {
  return { geoip: { field: 'probe', target_field: 'geo', database_file: database, ignore_missing: true } };
}

function pipeline(capability: Capability, body: object): Probe {
  return {
    capability,
    method: 'POST',
    path: '/_ingest/pipeline/_simulate',
    body: { pipeline: body, docs: [{ _source: {} }] },
    privilege: pipelinePrivilege,
    // A pipeline that can be made but does not run answers 200 with the failure inside.
    present: (answer) => isOk(answer) && asList(asObject(answer.body).docs).every((doc) => !('error' in asObject(doc))),
  };
}
