import type { RunningEngine } from '../../src/engine/index.js';
import type { Certificates } from './certificates.js';

export interface TestUser {
  readonly password: string;
  /** Names of `roles`. */
  readonly roles: readonly string[];
}

export interface SecuredOptions {
  readonly users: Readonly<Record<string, TestUser>>;
  /** By name, as the engine's own role API has them. */
  readonly roles: Readonly<Record<string, object>>;
}

/** An engine with TLS and users. */
export interface SecuredEngine extends Pick<Certificates, 'caPath' | 'ca' | 'fingerprint'> {
  readonly engine: RunningEngine;
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** Replaces users and roles; the engine takes notice within seconds. */
  change(options: SecuredOptions): Promise<void>;
  /** A token for `output.bearer_token` of one who may ship. */
  readonly token: string;
  stop(): Promise<void>;
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
