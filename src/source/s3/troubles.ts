import type { ConnectorError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { doubling, waitMs, type RetryPolicy } from '../../retry.js';

/** An object that could not be read, and is tried again. */
interface Trouble {
  readonly error: ConnectorError;
  readonly tries: number;
  readonly nextMs: number;
  /** When it failed, or was last seen in a listing. */
  seenMs: number;
}

/** So many objects that cannot be read are remembered; then the listing waits until some can. */
const MOST = 10_000;

/** Without end, as the reason may be mended any time. */
const RETRY = doubling(30_000, 3_600_000);

/** The objects of this run that could not be read, by digest. */
export class Troubles {
  readonly #logger: Logger;
  readonly #retry: RetryPolicy;
  readonly #byDigest = new Map<string, Trouble>();
  /** What was logged of failures that concern all objects alike (rights, network), until an object is read. */
  readonly #told = new Set<string>();
  #overfullTold = false;

  constructor(logger: Logger, retry: RetryPolicy = RETRY) {
    this.#logger = logger;
    this.#retry = retry;
  }

  get size(): number {
    return this.#byDigest.size;
  }

  /** The oldest one's. */
  get error(): ConnectorError | undefined {
    return this.#byDigest.values().next().value?.error;
  }

  has(digest: string): boolean {
    return this.#byDigest.has(digest);
  }

  isDue(digest: string, nowMs: number): boolean {
    return (this.#byDigest.get(digest)?.nextMs ?? 0) <= nowMs;
  }

  /** Logged once for an object and reason; rights and network once for all objects. */
  add(digest: string, error: ConnectorError, nowMs: number): void {
    const before = this.#byDigest.get(digest);
    const tries = (before?.tries ?? 0) + 1;
    const nextMs = nowMs + waitMs(this.#retry, { tries, now: nowMs, random: Math.random });
    this.#byDigest.set(digest, { error, tries, nextMs, seenMs: nowMs });
    const { code, message, place, remedy: fix } = error;
    const isOfAll = code === 'CCX_INPUT_DENIED' || code === 'CCX_INPUT_UNREACHABLE';
    if (before?.error.code === code || (isOfAll && this.#told.has(code))) return;
    if (isOfAll) this.#told.add(code);
    this.#logger.error({ code, place, fix }, `an object cannot be read and is tried again later: ${message}`);
  }

  /** A listing shows that the object is there. */
  seen(digest: string, nowMs: number): void {
    const trouble = this.#byDigest.get(digest);
    if (trouble !== undefined) trouble.seenMs = nowMs;
  }

  /** Those that a complete pass which began then did not show. */
  unseenSince(startMs: number): string[] {
    return [...this.#byDigest].filter(([, { seenMs }]) => seenMs < startMs).map(([digest]) => digest);
  }

  /** The object was read, or is gone. */
  remove(digest: string): void {
    this.#byDigest.delete(digest);
  }

  /** An object was opened: what concerns all of them is over. */
  works(): void {
    this.#told.clear();
  }

  /** Whether the listing has to wait; said when it begins to. */
  isOverfull(): boolean {
    const overfull = this.#byDigest.size >= MOST;
    if (overfull && !this.#overfullTold)
      this.#logger.error(
        { objects: this.#byDigest.size, fix: this.error?.remedy },
        'so many objects cannot be read that no further ones are looked for until some can',
      );
    this.#overfullTold = overfull;
    return overfull;
  }
}
