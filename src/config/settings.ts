/**
 * The one list of settings. The schema, the defaults, the environment variables, `--set`, the reference page, the
 * example file and the check against the `Config` type are all made from it.
 */
import type { Config } from '../config.js';
import { PASSWORD_FILE_VARIABLE, PASSWORD_VARIABLE } from '../keystore/password.js';
import { awsAccess, under } from './aws-access.js';
import { inputKinds } from './inputs.js';
import type { Setting, SettingsOf } from './shape.js';

export const settings = {
  'output.hosts': {
    type: 'strings',
    default: ['http://localhost:9200'],
    format: 'url',
    minimum: 1,
    description:
      'Addresses of the Elasticsearch or OpenSearch nodes of one cluster, or of the proxy before it. No credentials in them.',
    example: ['https://es.example:9200'],
  },
  'output.engine': {
    type: 'string',
    default: 'auto',
    values: ['auto', 'elasticsearch', 'opensearch'],
    description: 'What runs there; auto asks the cluster.',
    example: 'elasticsearch',
  },
  'output.api_key': {
    type: 'string',
    format: 'token',
    secret: true,
    description: 'Elasticsearch API key in its encoded form. Not together with username or bearer_token.',
    example: '${ELASTIC_API_KEY}',
  },
  'output.bearer_token': {
    type: 'string',
    format: 'token',
    secret: true,
    description: 'Service-account or OAuth token. Not together with username or api_key.',
    example: '${ELASTIC_TOKEN}',
  },
  'output.username': {
    type: 'string',
    description: 'User name for basic authentication; needs password.',
    example: 'cloudconnexa_shipper',
  },
  'output.password': {
    type: 'string',
    secret: true,
    description: 'Password for basic authentication; needs username.',
    example: '${ELASTIC_PASSWORD}',
  },
  'output.aws.service': {
    type: 'string',
    values: ['es', 'aoss'],
    description:
      'Sign requests for AWS (Signature Version 4): es for Amazon OpenSearch Service, aoss for OpenSearch Serverless. Not together with api_key, bearer_token or username.',
    example: 'es',
  },
  ...under('output.aws', awsAccess),
  'output.aws.region': {
    type: 'string',
    description:
      "AWS region to sign for. Absent: that of the host's name, or else of the SDK's own search, AWS_REGION and the profile first.",
    example: 'eu-central-1',
  },
  'output.ca': {
    type: 'string',
    format: 'certificate_file',
    description: "PEM file with the CA certificates to trust, where the cluster's is not a public one.",
    example: '/etc/cloudconnexa-ecs/ca.pem',
  },
  'output.ca_fingerprint': {
    type: 'string',
    format: 'fingerprint',
    description:
      'SHA-256 fingerprint of the certificate to trust (hex, colons allowed), as the engine prints it at its first start.',
    example: '64:F2:59:3F:33:E4:14:B7:5A:6C:11:9D:0E:F3:50:7B:4C:95:AB:20:61:7A:D0:7A:96:F2:37:07:13:A6:9F:1C',
  },
  'output.allow_insecure_auth': {
    type: 'boolean',
    default: false,
    description:
      'Send credentials over plain http to a host other than this one. Anyone on the way can then read them.',
    example: true,
  },
  'output.namespace': {
    type: 'string',
    default: 'default',
    format: 'namespace',
    description: 'Last part of the data stream names, logs-cloudconnexa.<dataset>-<namespace>.',
    example: 'production',
  },
  'output.request_timeout_s': {
    type: 'number',
    default: 60,
    minimum: 0.1,
    maximum: 3600,
    unit: 'seconds',
    description: 'How long to wait for the answer to one request before it counts as lost.',
    example: 60,
  },
  'output.gzip': {
    type: 'boolean',
    default: true,
    description: 'Compress requests.',
    example: true,
  },
  'output.max_in_flight': {
    type: 'integer',
    default: 8,
    minimum: 1,
    maximum: 64,
    unit: 'requests',
    description:
      'Most bulk requests under way at the same time. How many there are, the connector finds out: more as long as that brings more events a second, fewer when the cluster is overloaded.',
    example: 4,
  },
  'output.batch.max_bytes': {
    type: 'integer',
    default: 2_097_152,
    minimum: 1024,
    maximum: 104_857_600,
    unit: 'bytes',
    description:
      'Largest bulk request before compression; the engines refuse more than 100 MiB by default. It begins with half of that and goes up while that costs no speed, down when the cluster refuses or cannot cope.',
    example: 5_242_880,
  },
  'output.batch.max_events': {
    type: 'integer',
    default: 5000,
    minimum: 1,
    maximum: 100_000,
    unit: 'events',
    description: 'Most events in one bulk request.',
    example: 5000,
  },
  'output.batch.max_age_s': {
    type: 'number',
    default: 1,
    minimum: 0.01,
    maximum: 300,
    unit: 'seconds',
    description: 'How long an event waits for its batch to fill before the batch is sent as it is.',
    example: 1,
  },
  'output.retry.initial_ms': {
    type: 'integer',
    default: 500,
    minimum: 1,
    maximum: 60_000,
    unit: 'milliseconds',
    description: 'Upper bound of the first wait before a failed request is sent again; it doubles with each try.',
    example: 500,
  },
  'output.retry.max_s': {
    type: 'number',
    default: 60,
    minimum: 0.01,
    maximum: 3600,
    unit: 'seconds',
    description: 'Upper bound of every later wait. Tries go on without end, nothing is dropped.',
    example: 60,
  },
  'output.retry.auth_wait_s': {
    type: 'number',
    default: 30,
    minimum: 0.01,
    maximum: 3600,
    unit: 'seconds',
    description: 'Wait between tries while the cluster refuses the credentials (401) or the privilege (403).',
    example: 30,
  },
  inputs: {
    type: 'inputs',
    default: [],
    description: 'Where events come from, one entry each; its type says which further settings it has.',
    example: [],
  },
  data_dir: {
    type: 'string',
    default: 'cloudconnexa-ecs-data',
    description: 'Directory for checkpoints and rejected events. Keep it: without it everything is read again.',
    example: '/var/lib/cloudconnexa-ecs',
  },
  keystore: {
    type: 'string',
    description:
      'Keystore whose values ${NAME} stands for, before those of the environment. Without it cloudconnexa-ecs.keystore beside this file, where there is one.',
    example: '/etc/cloudconnexa-ecs/cloudconnexa-ecs.keystore',
  },
  'mapping.internal_networks': {
    type: 'strings',
    default: [],
    format: 'cidr',
    description: 'Networks that count as inside for network.direction, besides the private ranges and 100.64.0.0/10.',
    example: ['198.51.100.0/24'],
  },
  'limits.max_event_bytes': {
    type: 'integer',
    default: 1_048_576,
    minimum: 1024,
    maximum: 67_108_864,
    unit: 'bytes',
    description: 'Largest event; a larger one goes to the reject store.',
    example: 1_048_576,
  },
  'limits.max_expanded_bytes': {
    type: 'integer',
    default: 10_737_418_240,
    minimum: 1024,
    maximum: Number.MAX_SAFE_INTEGER,
    unit: 'bytes',
    description: 'Largest decompressed size of one file; reading of that file stops there with a reject.',
    example: 10_737_418_240,
  },
  'limits.reject_store_bytes': {
    type: 'integer',
    default: 268_435_456,
    minimum: 65_536,
    maximum: Number.MAX_SAFE_INTEGER,
    unit: 'bytes',
    description:
      'Largest size of the store of rejected events; when it is full, reading stops until some are replayed or dropped.',
    example: 1_073_741_824,
  },
  'lifecycle.rollover_size_gb': {
    type: 'number',
    default: 50,
    minimum: 0.001,
    maximum: 10_000,
    unit: 'GiB',
    description: 'Size of the largest primary shard at which a data stream gets a new backing index.',
    example: 50,
  },
  'lifecycle.rollover_age_days': {
    type: 'integer',
    default: 30,
    minimum: 1,
    maximum: 36_500,
    unit: 'days',
    description: 'Age at which a data stream gets a new backing index.',
    example: 30,
  },
  'lifecycle.delete_after_days': {
    type: 'integer',
    default: 365,
    minimum: 1,
    maximum: 36_500,
    unit: 'days',
    description: 'Age at which a backing index is deleted, counted from its rollover.',
    example: 365,
  },
  'dashboards.url': {
    type: 'string',
    format: 'front_end_url',
    description:
      "Address of Kibana (with Elasticsearch) or OpenSearch Dashboards (with OpenSearch), with its base path if it has one. Without it dashboards, and Kibana's rules, are left out.",
    example: 'https://kibana.example:5601',
  },
  'dashboards.space': {
    type: 'string',
    format: 'space',
    description: 'Kibana space to install into, by its id; the default space if not given.',
    example: 'soc',
  },
  'dashboards.tenant': {
    type: 'string',
    format: 'tenant',
    description: 'OpenSearch Dashboards tenant to install into: its name, global or private.',
    example: 'global',
  },
  'dashboards.api_key': {
    type: 'string',
    format: 'token',
    secret: true,
    description:
      'Elasticsearch API key for Kibana, in its encoded form. Not together with username. Without credentials here those of output are used.',
    example: '${KIBANA_API_KEY}',
  },
  'dashboards.username': {
    type: 'string',
    description: 'User name for basic authentication; needs password.',
    example: 'cloudconnexa_setup',
  },
  'dashboards.password': {
    type: 'string',
    secret: true,
    description: 'Password for basic authentication; needs username.',
    example: '${KIBANA_PASSWORD}',
  },
  'dashboards.ca': {
    type: 'string',
    format: 'certificate_file',
    description: "PEM file with the CA certificates to trust here; output.ca counts for the cluster's nodes only.",
    example: '/etc/cloudconnexa-ecs/kibana-ca.pem',
  },
  'dashboards.ca_fingerprint': {
    type: 'string',
    format: 'fingerprint',
    description: 'SHA-256 fingerprint of the certificate to trust (hex, colons allowed).',
    example: '64:F2:59:3F:33:E4:14:B7:5A:6C:11:9D:0E:F3:50:7B:4C:95:AB:20:61:7A:D0:7A:96:F2:37:07:13:A6:9F:1C',
  },
  'dashboards.allow_insecure_auth': {
    type: 'boolean',
    default: false,
    description:
      'Send credentials, those of output too, over plain http to a host other than this one. Anyone on the way can then read them.',
    example: true,
  },
  'rules.enable': {
    type: 'boolean',
    default: false,
    description:
      'Whether alert rules run as soon as setup creates them. Rules that are there stay on or off as they are.',
    example: true,
  },
  'log.level': {
    type: 'string',
    default: 'info',
    values: ['debug', 'info', 'warn', 'error'],
    description: 'Least severe log lines to print; --log-level sets it too.',
    example: 'warn',
  },
  workers: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 2,
    unit: 'threads',
    description:
      'Threads that do the work. With 2, one reads, sends and keeps account while the other one decodes and maps: some more events a second in long runs where there are two processors to spare (docs/performance.md), for 40 MiB more.',
    example: 2,
  },
  shutdown_timeout_s: {
    type: 'number',
    default: 30,
    minimum: 0,
    maximum: 3600,
    unit: 'seconds',
    description: 'How long a stop waits for requests under way.',
    example: 30,
  },
} as const satisfies SettingsOf<Config>;

/** Every setting outside the inputs, by its dotted path. */
export const settingList: ReadonlyMap<string, Setting> = new Map<string, Setting>(Object.entries(settings));

/** Every kind of input with its settings by name. */
export const inputList: ReadonlyMap<string, ReadonlyMap<string, Setting>> = new Map(
  Object.entries(inputKinds).map(([type, kind]) => [type, new Map<string, Setting>(Object.entries(kind.settings))]),
);

/** Environment variables that are not settings. */
export const environmentOnly: ReadonlyMap<string, string> = new Map([
  ['CLOUDCONNEXA_ECS_CONFIG', 'Path of the configuration file, where --config is not given.'],
  [PASSWORD_FILE_VARIABLE, 'Path of a file that holds the password of the keystore.'],
  [
    PASSWORD_VARIABLE,
    'Password of the keystore itself; the file is better, as processes of the same user can read it here.',
  ],
]);

export const environmentPrefix = 'CLOUDCONNEXA_ECS_';
export const defaultFile = 'cloudconnexa-ecs.yml';
export const defaultKeystore = 'cloudconnexa-ecs.keystore';

/** `output.batch.max_bytes` -> `CLOUDCONNEXA_ECS_OUTPUT_BATCH_MAX_BYTES`. */
export function environmentName(path: string): string {
  return environmentPrefix + path.replaceAll('.', '_').toUpperCase();
}
