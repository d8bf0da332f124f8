import type { Capability } from './capabilities.js';

/** One request and what its answer says: whether the engine has the capability. */
interface Probe {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** Default: any 2xx status. */
  readonly has?: (answer: Response, body: string) => boolean;
}

const simulate = (template: object): Probe => ({
  method: 'POST',
  path: '/_index_template/_simulate',
  body: { index_patterns: ['ccx-probe-*'], data_stream: {}, ...template },
});

const fieldType = (type: string, more: object = {}): Probe =>
  simulate({ template: { mappings: { properties: { probe: { type, ...more } } } } });

const processors = ['set', 'pipeline', 'script', 'geoip', 'community_id'];

/** How each capability is found out without leaving anything behind in the engine. */
export const probes: Readonly<Record<Capability, Probe>> = {
  root_info: { method: 'GET', path: '/' },
  product_header: {
    method: 'GET',
    path: '/_cluster/health',
    has: (answer) => answer.headers.get('x-elastic-product') === 'Elasticsearch',
  },
  license_api: { method: 'GET', path: '/_license' },
  data_stream_api: { method: 'GET', path: '/_data_stream' },
  ingest_processors: {
    method: 'GET',
    path: '/_nodes/_local/ingest',
    has: (_answer, body) => processors.every((name) => body.includes(`"type":"${name}"`)),
  },
  ilm: { method: 'GET', path: '/_ilm/policy' },
  ism: { method: 'GET', path: '/_plugins/_ism/policies' },
  data_stream_lifecycle: simulate({ template: { lifecycle: { data_retention: '30d' } } }),
  ignore_missing_components: simulate({
    composed_of: ['ccx-no-such-component'],
    ignore_missing_component_templates: ['ccx-no-such-component'],
  }),
  constant_keyword: fieldType('constant_keyword', { value: 'x' }),
  match_only_text: fieldType('match_only_text'),
  wildcard: fieldType('wildcard'),
  flattened: fieldType('flattened'),
  flat_object: fieldType('flat_object'),
  scaled_float: fieldType('scaled_float', { scaling_factor: 100 }),
  // The index is not there: an engine that knows the request answers 404, others 405.
  reindex: {
    method: 'POST',
    path: '/_reindex',
    body: { source: { index: 'ccx-no-such-index' }, dest: { index: 'ccx-no-such-target' } },
    has: (answer) => answer.status === 404,
  },
  painless: { method: 'GET', path: '/_script_language', has: (_answer, body) => body.includes('"painless"') },
};

/** Whether the engine at `url` has the capability, by asking it. */
export async function measure(url: string, capability: Capability): Promise<boolean> {
  const { method, path, body, has } = probes[capability];
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(url + path, { method, ...json });
  const text = await answer.text();
  return has ? has(answer, text) : answer.ok;
}
