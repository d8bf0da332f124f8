import { ConnectorError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { doubling, waitMs, type RetryPolicy } from '../../retry.js';

/** An object that could not be read, and is tried again. */
interface Trouble {
  readonly error: ConnectorError;
  readonly tries: number;
  /** `Clock.steady` from which it is tried again. */
  nextMs: number;
  /** Number of the pass in which it failed, or was last seen in the listing. */
  pass: number;
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

  /** The error that ends a run which could not read them. */
  unread(): ConnectorError {
    const { size, error } = this;
    const details = {
      remedy: error?.remedy ?? '',
      cause: error,
      ...(error?.place !== undefined && { place: error.place }),
    };
    const message = `${size} ${size === 1 ? 'object' : 'objects'} could not be read: ${error?.message}`;
    return new ConnectorError('CCX_INPUT_UNREADABLE', message, details);
  }

  has(digest: string): boolean {
    return this.#byDigest.has(digest);
  }

  isDue(digest: string, nowMs: number): boolean {
    return (this.#byDigest.get(digest)?.nextMs ?? 0) <= nowMs;
  }

  /** Logged once for an object and reason; rights and network once for all objects. */
  add(digest: string, error: ConnectorError, { nowMs, pass }: { nowMs: number; pass: number }): void {
    const before = this.#byDigest.get(digest);
    const tries = (before?.tries ?? 0) + 1;
    const nextMs = nowMs + waitMs(this.#retry, { tries, random: Math.random });
    this.#byDigest.set(digest, { error, tries, nextMs, pass });
    const { code, message, place, remedy: fix } = error;
    const isOfAll = concernsAll(error);
    if (before?.error.code === code || (isOfAll && this.#told.has(code))) return;
    if (isOfAll) this.#told.add(code);
    this.#logger.error({ code, place, fix }, `an object cannot be read and is tried again later: ${message}`);
  }

  /** A listing shows that the object is there. */
  seen(digest: string, pass: number): void {
    const trouble = this.#byDigest.get(digest);
    if (trouble !== undefined) trouble.pass = pass;
  }

  /** Those that a complete pass did not show. */
  unseenIn(pass: number): string[] {
    return [...this.#byDigest].filter(([, trouble]) => trouble.pass < pass).map(([digest]) => digest);
  }

  /** The object was read, or is gone. */
  remove(digest: string): void {
    this.#byDigest.delete(digest);
  }

  /** An object was opened: what concerns all of them is over, and need not be waited for any longer. */
  works(nowMs: number): void {
    if (this.#told.size === 0) return;
    this.#told.clear();
    for (const trouble of this.#byDigest.values()) if (concernsAll(trouble.error)) trouble.nextMs = nowMs;
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

function concernsAll({ code }: ConnectorError): boolean {
  return code === 'CCX_INPUT_DENIED' || code === 'CCX_INPUT_UNREACHABLE';
}
