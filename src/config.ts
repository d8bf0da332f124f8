export { loadConfig, type ConfigRequest } from './config/load.js';

/** The configuration after loading: every setting present or deliberately absent, secrets resolved, units in the names. */
export interface Config {
  readonly output: OutputConfig;
  readonly inputs: readonly InputConfig[];
  /** Directory for checkpoints and rejects. */
  readonly data_dir: string;
  /** Path of the keystore. Absent: `cloudconnexa-ecs.keystore` beside the configuration file, where there is one. */
  readonly keystore?: string;
  readonly mapping: MappingConfig;
  readonly limits: LimitsConfig;
  readonly lifecycle: LifecycleConfig;
  readonly dashboards: DashboardsConfig;
  readonly rules: RulesConfig;
  readonly log: LogConfig;
  /** Threads that do the work; with more than one, another one decodes and maps. */
  readonly workers: number;
  /** How long a stop waits for requests under way, in seconds. */
  readonly shutdown_timeout_s: number;
}

export interface OutputConfig {
  readonly hosts: readonly string[];
  readonly engine: 'auto' | 'elasticsearch' | 'opensearch';
  readonly api_key?: string;
  readonly bearer_token?: string;
  readonly username?: string;
  readonly password?: string;
  /** Requests are signed for AWS where `service` is given. */
  readonly aws?: OutputAwsConfig;
  /** Path of a PEM file with the CA certificates to trust. */
  readonly ca?: string;
  /** SHA-256 fingerprint (hex, colons allowed) of the CA or server certificate to trust. */
  readonly ca_fingerprint?: string;
  /** Credentials may go over plain http to another host. Absent: false. */
  readonly allow_insecure_auth?: boolean;
  readonly namespace: string;
  readonly request_timeout_s: number;
  readonly gzip: boolean;
  readonly max_in_flight: number;
  readonly batch: {
    readonly max_bytes: number;
    readonly max_events: number;
    readonly max_age_s: number;
  };
  readonly retry: {
    readonly initial_ms: number;
    readonly max_s: number;
    /** Wait between tries after 401/403, in seconds. */
    readonly auth_wait_s: number;
  };
}

export interface FileInputConfig {
  readonly type: 'file';
  /** Paths and glob patterns. */
  readonly paths: readonly string[];
  /** How often a continuous run looks for new and grown files, in seconds. */
  readonly poll_interval_s: number;
}

export interface StdinInputConfig {
  readonly type: 'stdin';
}

/** Who the connector is to AWS; what is absent the SDK's default chain finds. */
export interface AwsAccessConfig {
  readonly region?: string;
  readonly access_key_id?: string;
  readonly secret_access_key?: string;
  readonly session_token?: string;
  /** Name of a profile of the shared AWS config and credentials files. */
  readonly profile?: string;
  /** Role to assume with the credentials found. */
  readonly role_arn?: string;
  readonly role_external_id?: string;
  readonly role_session_name: string;
  /** Path of an OpenID Connect token: the role is then assumed with it, and no other credentials are needed. */
  readonly web_identity_token_file?: string;
}

/** How AWS, or a service that speaks its protocols, is reached. */
export interface AwsConfig extends AwsAccessConfig {
  /** Base URL of an S3-compatible store, or of a private endpoint. */
  readonly endpoint?: string;
  /** The bucket's name in the path and not in the host name. */
  readonly path_style: boolean;
  /** Signatures may go over plain http to another host. Absent: false. */
  readonly allow_insecure_auth?: boolean;
}

/** Signature Version 4 for a cluster that AWS runs. */
export interface OutputAwsConfig extends AwsAccessConfig {
  /** `es`: Amazon OpenSearch Service; `aoss`: OpenSearch Serverless. Absent: requests are not signed. */
  readonly service?: 'es' | 'aoss';
}

export interface S3InputConfig extends AwsConfig {
  readonly type: 's3';
  readonly bucket: string;
  /** Only objects whose key begins, and ends, like this. */
  readonly prefix: string;
  readonly suffix: string;
  /** ISO 8601: objects last modified before are left alone. */
  readonly start_time?: string;
  readonly poll_interval_s: number;
  /** Objects read side by side. */
  readonly parallel: number;
  /** How long after its time of modification an object may still turn up in the listing, in hours. */
  readonly listing_horizon_h: number;
  /** What happens to an object when all of its events are stored or rejected. */
  readonly on_done: 'keep' | 'delete' | 'tag';
  /** `key=value`, for `on_done: tag`. */
  readonly done_tag: string;
}

export interface SqsInputConfig extends AwsConfig {
  readonly type: 'sqs';
  readonly queue_url: string;
  /** Objects read side by side. */
  readonly parallel: number;
  /** How long a message stays hidden from others without a sign of life, in seconds. */
  readonly visibility_timeout_s: number;
  /** How long one request waits for messages, in seconds. */
  readonly wait_time_s: number;
  /** From this number of receives on a message that fails is reported as poison. */
  readonly poison_receives: number;
}

export type InputConfig = FileInputConfig | StdinInputConfig | S3InputConfig | SqsInputConfig;

export interface MappingConfig {
  /** CIDR blocks counted as inside for `network.direction`, in addition to the private ranges. */
  readonly internal_networks: readonly string[];
}

export interface LimitsConfig {
  /** Largest event in bytes; a larger one is rejected. */
  readonly max_event_bytes: number;
  /** Largest decompressed size of one stream in bytes; reading stops there with a reject. */
  readonly max_expanded_bytes: number;
  /** Largest size of the reject store in bytes; when it is full, the run ends. */
  readonly reject_store_bytes: number;
}

export interface LifecycleConfig {
  readonly rollover_size_gb: number;
  readonly rollover_age_days: number;
  readonly delete_after_days: number;
}

/** Kibana or OpenSearch Dashboards, whichever belongs to the cluster's engine. */
export interface DashboardsConfig {
  /** With its base path. Absent: nothing is installed there. */
  readonly url?: string;
  /** Of Kibana. Absent: the default space. */
  readonly space?: string;
  /** Of OpenSearch Dashboards. Absent: the user's own choice there. */
  readonly tenant?: string;
  /** Without any of the three the credentials of `output` are used. */
  readonly api_key?: string;
  readonly username?: string;
  readonly password?: string;
  /** As in `output`, whose certificates do not count here. */
  readonly ca?: string;
  readonly ca_fingerprint?: string;
  readonly allow_insecure_auth?: boolean;
}

export interface RulesConfig {
  /** Whether a rule runs as soon as it is created. */
  readonly enable: boolean;
}

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
}
