import type { Checkpoint } from '../../checkpoint.js';
import type { JsonObject, Position } from '../../record.js';
import { DoneSet, type DoneByHour } from './done-set.js';
import { digestOf, type Listed } from './listing.js';

/** An object that was handed out to be read and is not done: it is being read, or could not be read. */
export interface OpenEntry extends JsonObject {
  readonly key: string;
  readonly etag: string;
  readonly ms: number;
  readonly size: number;
  /** Position reached. */
  offset: number;
  depth: number;
  /** Once done it needs no place among the done objects: the pass that found it, or its horizon, stands for it. */
  readonly old: boolean;
  /** Its key had another version before, which may have held some of its events. */
  readonly anew: boolean;
}

/** A walk over the whole listing. It goes on where it was after a restart, and is never given up. */
interface Pass extends JsonObject {
  /** The horizon once it is complete. */
  readonly horizonMs: number;
  /** Objects last modified before were left alone. */
  fromMs: number;
  /** No run ended badly since it began: then it meets all objects that an earlier one may have stored. */
  sure: boolean;
  /** Everything up to this key is done, open, or not to be read. */
  cursor: string;
}

interface Kept extends JsonObject {
  /** Objects last modified in [fromMs, horizonMs) are done, unless they are open. */
  fromMs: number;
  horizonMs: number;
  pass: Pass | null;
  /** Objects last modified up to then may be stored without being done: a run before did not end cleanly. */
  unsureMs: number | null;
  readonly open: Record<string, OpenEntry>;
  readonly done: DoneByHour;
  /** Keys of the objects handed out lately. None in what 0.3.0 has written. */
  keys?: DoneByHour;
}

export interface StateOptions {
  readonly checkpoint: Checkpoint;
  /** Id of its entry in the checkpoint. */
  readonly id: string;
}

/** How far the clocks of the store and of this machine may differ. */
const CLOCK_DIFFERENCE_MS = 3_600_000;
/** Events that are older than an hour are looked up anyway. */
const KEYS_MS = 2 * CLOCK_DIFFERENCE_MS;

/**
 * What is known of a bucket's objects: one entry of the checkpoint, changed in place, so that every write of the checkpoint
 * has a consistent state. A write costs 16 bytes for each object younger than the horizon,
 * and 16 for the key of each of the last hours.
 *
 * The rule: an object is done when
 * (a) it was last modified before the horizon: the start of the last complete pass less `listing_horizon_h`; or
 * (b) the pass under way has gone by its key, at the cursor; or
 * (c) its digest (key and ETag) is among the done objects, which are kept by the hour of their modification and are
 *     forgotten when the horizon has gone by that hour;
 * and it is not open. An object becomes open in the same step in which the cursor goes by it, and stays open, with the position
 * reached in it, until all of its events are stored or rejected. So the cursor need not wait for slow objects.
 */
export class S3State {
  readonly #options: StateOptions;
  readonly #kept: Kept;
  readonly #done: DoneSet;
  readonly #keys: DoneSet;
  /** Open since a run before. */
  readonly #left: ReadonlySet<string>;
  /** When the youngest object of this run was modified, in the store's time. */
  #newestMs = 0;

  constructor(options: StateOptions) {
    this.#options = options;
    const { checkpoint, id } = options;
    const kept = checkpoint.get(id)?.identity as Kept | undefined;
    this.#kept = kept ?? blank();
    // Another prefix, suffix or endpoint is another state, but may be the same objects.
    if (kept === undefined || !checkpoint.clean) this.#distrust();
    this.#done = new DoneSet(this.#kept.done);
    this.#keys = new DoneSet((this.#kept.keys ??= {}));
    this.#left = new Set(Object.keys(this.#kept.open));
  }

  /** Where the pass under way is; undefined when none is. */
  get cursor(): string | undefined {
    return this.#kept.pass?.cursor;
  }

  /**
   * Begins a pass, in the store's time; goes on with the one under way if there is one.
   * @returns false when the horizon was in the future: new objects would have counted as done.
   */
  beginPass(startMs: number, horizonLengthMs: number, fromMs: number): boolean {
    const kept = this.#kept;
    const isSane = Math.max(kept.horizonMs, kept.pass?.horizonMs ?? 0) <= startMs;
    if (!isSane) this.#setBack(startMs - horizonLengthMs);
    const horizonMs = Math.max(kept.horizonMs, startMs - horizonLengthMs);
    kept.pass ??= { horizonMs, fromMs, sure: true, cursor: '' };
    // With a later start_time since, what comes now is left alone, and must not count as done later.
    kept.pass.fromMs = Math.max(kept.pass.fromMs, fromMs);
    if (kept.unsureMs === NOT_KNOWN) kept.unsureMs = startMs + CLOCK_DIFFERENCE_MS;
    return isSane;
  }

  /** Everything up to the key is done, open or not to be read. Costs no write: the next one has it. */
  moveTo(key: string): void {
    if (this.#kept.pass !== null) this.#kept.pass.cursor = key;
  }

  /** The listing was gone through to its end. */
  endPass(): void {
    const { pass, fromMs } = this.#kept;
    if (pass === null) return;
    this.#kept.pass = null;
    this.#kept.horizonMs = pass.horizonMs;
    this.#kept.fromMs = Math.min(fromMs, pass.fromMs);
    if (pass.sure) this.#kept.unsureMs = null;
    this.#done.forgetBefore(pass.horizonMs);
    this.#keys.forgetBefore(Math.max(pass.horizonMs, this.#newestMs - KEYS_MS));
    this.#touch();
  }

  /** Whether an object of the listing was never handed out. */
  isNew(digest: string, { ms }: Listed): boolean {
    if (ms < this.#kept.horizonMs && ms >= this.#kept.fromMs) return false;
    return this.#kept.open[digest] === undefined && !this.#done.has(digest);
  }

  /** Notes an object of the pass under way as handed out. */
  open(digest: string, { key, etag, ms, size }: Listed): OpenEntry {
    const old = ms < (this.#kept.pass?.horizonMs ?? 0);
    const name = digestOf({ key, etag: '' });
    const entry = { key, etag, ms, size, offset: 0, depth: 0, old, anew: this.#keys.has(name) };
    this.#kept.open[digest] = entry;
    if (!old) this.#keys.renew(name, ms);
    this.#newestMs = Math.max(this.#newestMs, ms);
    this.#touch();
    return entry;
  }

  /** A copy: it may change while its entries are gone through. */
  openEntries(): [string, OpenEntry][] {
    return Object.entries(this.#kept.open);
  }

  get(digest: string): OpenEntry | undefined {
    return this.#kept.open[digest];
  }

  /** Whether events of an open object may be stored behind its position: by a run before, or with what its key held before. */
  isUnsure(digest: string, { ms, anew }: OpenEntry): boolean {
    return anew || this.#left.has(digest) || ms <= (this.#kept.unsureMs ?? 0);
  }

  /** A second try may be acknowledged behind the first one's position: that never goes back. */
  progress(digest: string, { offset, arrayDepth }: Position): void {
    const entry = this.#kept.open[digest];
    if (entry === undefined || offset < entry.offset) return;
    entry.offset = offset;
    entry.depth = arrayDepth;
    this.#touch();
  }

  /** The object is done. */
  finish(digest: string): void {
    const entry = this.#kept.open[digest];
    if (entry === undefined) return;
    if (!entry.old) this.#done.add(digest, entry.ms);
    this.drop(digest);
  }

  /** The object, in this version, does not exist any more. */
  drop(digest: string): void {
    Reflect.deleteProperty(this.#kept.open, digest);
    this.#touch();
  }

  /** The pass under way begins anew: it went by objects for which the horizon stood. */
  #setBack(horizonMs: number): void {
    this.#kept.horizonMs = horizonMs;
    this.#kept.pass = null;
    this.#distrust();
  }

  #distrust(): void {
    this.#kept.unsureMs = NOT_KNOWN;
    if (this.#kept.pass !== null) this.#kept.pass.sure = false;
    this.#touch();
  }

  #touch(): void {
    const { checkpoint, id } = this.#options;
    checkpoint.set(id, {
      position: { offset: 0, arrayDepth: 0 },
      done: false,
      // It must outlive a connector that was off for months.
      lasting: true,
      identity: this.#kept,
    });
  }
}

/** Until the store has told its time: this machine's clock may be wrong. */
const NOT_KNOWN = Number.MAX_SAFE_INTEGER;
function blank(): Kept {
  return { fromMs: Number.MAX_SAFE_INTEGER, horizonMs: 0, pass: null, unsureMs: null, open: {}, done: {} };
}
