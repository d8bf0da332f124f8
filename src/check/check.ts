import type { Clock } from '../clock.js';
import type { ErrorCode } from '../errors.js';
import { reasonOf, type Answer } from '../target/answer.js';
import type { Engine } from '../target/capability.js';
import type { Client } from '../target/client.js';

/** What a check found. Only `missing` and `failed` mean that events cannot be shipped now. */
export type CheckResult =
  | { readonly level: 'ok'; readonly text: string }
  /** The text says why, and what would tell. */
  | { readonly level: 'unknown'; readonly text: string }
  | Trouble;

export interface Trouble {
  readonly level: 'warning' | 'missing' | 'failed';
  readonly code: ErrorCode;
  readonly text: string;
  readonly remedy: string;
}

export interface CheckContext {
  readonly client: Client;
  readonly engine: Engine;
  /** The setting `output.namespace`. */
  readonly namespace: string;
  readonly clock: Clock;
}

/** One thing to look at, by requests that change nothing. */
export interface Check {
  readonly subject: string;
  /** @throws ConnectorError when the cluster does not answer */
  readonly look: (context: CheckContext) => Promise<CheckResult>;
}

/** What the credentials would have to be granted for an answer, per engine. */
export type Needed = Readonly<Record<Engine, string>>;

/** The result of a request that did not tell what it was sent for. */
export function untold(answer: Answer, engine: Engine, needed: Needed): CheckResult {
  const why =
    answer.status === 403
      ? `the credentials may not look; ${needed[engine]} would tell`
      : `the cluster does not tell (${answer.status}: ${reasonOf(answer)})`;
  return { level: 'unknown', text: why };
}
