import type { OutputConfig } from './config.js';

/** How long to wait between tries: data, without clock or dice. */
export interface RetryPolicy {
  /** Upper bound of the first wait; each further one is `factor` times as long, up to `maxMs`. */
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Wait while credentials or privileges are missing. */
  readonly holdMs: number;
  /** A longer Retry-After counts as this: a mistyped header must not stop the flow for days. */
  readonly maxRetryAfterMs: number;
  /** Tries of an item until it is left unfinished. */
  readonly maxTries: number;
}

export function policyOf(retry: OutputConfig['retry']): RetryPolicy {
  return {
    initialMs: retry.initial_ms,
    factor: 2,
    maxMs: retry.max_s * 1000,
    holdMs: retry.auth_wait_s * 1000,
    maxRetryAfterMs: 3_600_000,
    maxTries: Number.POSITIVE_INFINITY,
  };
}

/** A policy for what knows neither holds nor Retry-After: waits that double from `initialMs` to `maxMs`, without end by default. */
export function doubling(initialMs: number, maxMs: number, maxTries = Number.POSITIVE_INFINITY): RetryPolicy {
  return { initialMs, factor: 2, maxMs, holdMs: 0, maxRetryAfterMs: 0, maxTries };
}

/** What a wait depends on. */
export interface WaitFor {
  /** How often it was tried, 1 after the first time. */
  readonly tries: number;
  /** What the answer asked for, in milliseconds; see {@link retryAfterMs}. */
  readonly retryAfterMs?: number | undefined;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/**
 * Milliseconds to wait before the next try: exponential with full jitter, so that connectors which failed together do
 * not come back together. With Retry-After the jitter comes on top of what the server asked for.
 */
export function waitMs(policy: RetryPolicy, { tries, retryAfterMs = 0, random }: WaitFor): number {
  const ceiling = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (tries - 1));
  const asked = Math.min(retryAfterMs, policy.maxRetryAfterMs);
  return asked + random() * ceiling;
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3): seconds, or an HTTP date. Undefined when it is neither. A date is compared with the time of
 * the answer by the server's own clock (its Date header), never with ours: one that is wrong would make a second an hour.
 */
export function retryAfterMs(header: unknown, date: unknown): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const wait = httpDate(text) - httpDate(date);
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Milliseconds since 1970; NaN for what is none. Date.parse takes "-5" or "1.5" for a year: an HTTP date begins with the name of a day. */
function httpDate(text: unknown): number {
  return typeof text === 'string' && /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
}
