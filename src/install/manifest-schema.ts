import { capabilityNames, engines } from '../target/capability.js';

const name = { type: 'string', minLength: 1 };
const names = { type: 'array', items: name };
const engine = { enum: engines };
const capabilityList = { type: 'array', uniqueItems: true, items: { enum: capabilityNames } };

const access = object(
  { cluster: names, indices: { type: 'array', items: object({ names, privileges: names }) } },
  { kibana: { type: 'object', additionalProperties: names }, tenant: names },
);

const ids = [
  ...['ilm-policy', 'ism-policy', 'pipeline', 'mappings', 'settings', 'index-template'],
  ...['kibana-dashboards', 'opensearch-dashboards', 'kibana-rules', 'opensearch-monitors'],
];
const kinds = [
  ...['ilm_policy', 'ism_policy', 'ingest_pipeline', 'component_template', 'index_template'],
  ...['saved_objects', 'detection_rules', 'monitors'],
];

/** JSON Schema of manifest.json. */
export const manifestSchema = object({
  name: { const: 'cloudconnexa-ecs' },
  version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$' },
  description: name,
  engines: perEngine({ type: 'string', pattern: '^>=\\d+(\\.\\d+){0,2} <\\d+(\\.\\d+){0,2}$' }),
  data_streams: {
    type: 'array',
    minItems: 1,
    items: object({
      dataset: { type: 'string', pattern: '^[a-z]+$' },
      pattern: { type: 'string', pattern: '^logs-cloudconnexa\\.[a-z]+-\\*$' },
      events: { type: 'array', minItems: 1, uniqueItems: true, items: name },
    }),
  },
  custom: object({ component_template: name, ingest_pipeline: name }),
  assets: {
    type: 'array',
    minItems: 1,
    items: object({
      id: { enum: ids },
      group: { enum: ['lifecycle', 'pipeline', 'templates', 'dashboards', 'rules'] },
      kind: { enum: kinds },
      name: { type: 'string', pattern: '^(logs-cloudconnexa(@[a-z]+)?|(dashboards|rules)/generated/[a-z./-]+)$' },
      version: { type: 'integer', minimum: 1 },
      description: name,
      targets: { type: 'array', minItems: 1, uniqueItems: true, items: engine },
      needs: capabilityList,
      uses: capabilityList,
    }),
  },
  privileges: perEngine(
    object({
      ...{ setup: access, dashboards: access, rules: access },
      ...{ ship: access, ship_check: access, status: access, data: access },
    }),
  ),
});

function object(properties: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object {
  const required = Object.keys(properties);
  return { type: 'object', additionalProperties: false, required, properties: { ...properties, ...optional } };
}

function perEngine(schema: object): object {
  return object(Object.fromEntries(engines.map((key) => [key, schema])));
}
