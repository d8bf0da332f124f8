import type { EngineId } from '../../src/engine/index.js';

/**
 * What the minimal servers of the matrix differ in. Each is measured on every engine by `test/live/engine.test.ts`, so
 * this list cannot be wrong for long.
 */
export const capabilities = {
  root_info: 'GET / tells name and version',
  product_header: 'answers carry X-elastic-product',
  license_api: 'GET _license',
  data_stream_api: 'GET, PUT and DELETE _data_stream; elsewhere streams come by writing and cannot be deleted',
  ingest_processors:
    'the processors set, pipeline, script, geoip, community_id (elsewhere a pipeline can only be empty)',
  ilm: 'index lifecycle management',
  ism: 'index state management',
  data_stream_lifecycle: 'template.lifecycle.data_retention in an index template (stored; no service acts on it here)',
  ignore_missing_components: 'ignore_missing_component_templates in an index template',
  constant_keyword: 'field type constant_keyword (OpenSearch requires its value in the mapping)',
  match_only_text: 'field type match_only_text',
  wildcard: 'field type wildcard',
  flattened: 'field type flattened',
  flat_object: 'field type flat_object',
  scaled_float: 'field type scaled_float',
  reindex: 'POST _reindex and _delete_by_query',
  painless: 'scripts in Painless, also in aggregations',
} as const;

export type Capability = keyof typeof capabilities;

/**
 * NOT_SUPPORTED. The same everywhere and so not in the list: `_index_template/_simulate`, rollover, search, aggregations and
 * `_resolve/index` work; an unknown field type in a component template, an unknown processor, and a component that a
 * template names but that is missing are refused with 400; a template in use by a data stream cannot be deleted (400).
 */
export const notSupported: Readonly<Record<EngineId, readonly Capability[]>> = {
  'opensearch-3': [
    ...(['product_header', 'license_api', 'ilm', 'ism', 'data_stream_lifecycle'] as const),
    ...(['ignore_missing_components', 'flattened'] as const),
  ],
  'opensearch-2': [
    ...(['product_header', 'license_api', 'ilm', 'ism', 'data_stream_lifecycle', 'ignore_missing_components'] as const),
    ...(['flattened', 'ingest_processors', 'scaled_float', 'reindex', 'painless'] as const),
  ],
  'elasticsearch-9': [
    ...(['root_info', 'data_stream_api', 'ingest_processors', 'ilm', 'ism', 'constant_keyword'] as const),
    ...(['match_only_text', 'wildcard', 'flat_object', 'scaled_float', 'reindex', 'painless'] as const),
  ],
  'elasticsearch-8': [
    ...(['root_info', 'data_stream_api', 'ingest_processors', 'ilm', 'ism', 'constant_keyword'] as const),
    ...(['match_only_text', 'wildcard', 'flat_object', 'scaled_float', 'reindex', 'painless'] as const),
  ],
};

export function supports(id: EngineId, capability: Capability): boolean {
  return !notSupported[id].includes(capability);
}
