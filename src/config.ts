export { loadConfig, type ConfigRequest } from './config/load.js';

/** The configuration after loading: every setting present or deliberately absent, secrets resolved, units in the names. */
export interface Config {
  readonly output: OutputConfig;
  readonly inputs: readonly InputConfig[];
  /** Directory for checkpoints and rejects. */
  readonly data_dir: string;
  readonly mapping: MappingConfig;
  readonly limits: LimitsConfig;
  readonly lifecycle: LifecycleConfig;
  readonly log: LogConfig;
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

export type InputConfig = FileInputConfig | StdinInputConfig;

export interface MappingConfig {
  /** CIDR blocks counted as inside for `network.direction`, in addition to the private ranges. */
  readonly internal_networks: readonly string[];
}

export interface LimitsConfig {
  /** Largest event in bytes; a larger one is rejected. */
  readonly max_event_bytes: number;
  /** Largest decompressed size of one stream in bytes; reading stops there with a reject. */
  readonly max_expanded_bytes: number;
}

export interface LifecycleConfig {
  readonly rollover_size_gb: number;
  readonly rollover_age_days: number;
  readonly delete_after_days: number;
}

export interface LogConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
}
