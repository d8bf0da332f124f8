import { Age } from './checkpoint/age.js';
import { checkpointPaths, readGeneration, store, takeGeneration } from './checkpoint/generations.js';
import { restMs } from './checkpoint/pace.js';
import { systemClock, type Clock } from './clock.js';
import { ConnectorError } from './errors.js';
import type { Logger } from './log.js';
import type { JsonObject, Position, RejectMark } from './record.js';

/** How far one stream is finished. */
export interface CheckpointEntry {
  readonly position: Position;
  /** The end of the stream was reached. */
  readonly done: boolean;
  /** When the stream was last seen to exist, in the checkpoint's own time (`Age`). */
  readonly seenMs: number;
  /** Never forgotten, however long nobody sees it. */
  readonly lasting?: boolean;
  /**
   * Events behind `position` may be stored already, by a run that did not end cleanly. Set on every entry of such a run;
   * to be kept by its source until the stream was read to its end.
   */
  readonly unsure?: boolean;
  /** What its source needs to know it again. */
  readonly identity?: JsonObject;
}

/** An entry as a source gives it. */
export type NewEntry = Omit<CheckpointEntry, 'seenMs'>;

/** The durable positions of all streams. It may lag behind finished work, never run ahead of it. */
export interface Checkpoint {
  /**
   * The run before ended cleanly: what it had sent, it acknowledged. False also for a fresh data_dir, whose past nobody
   * knows. A data_dir put back from a copy looks as clean as the copy was.
   */
  readonly clean: boolean;
  /** To be called before anything is sent: until `finish`, the run counts as not clean. Throws CCX_CHECKPOINT_WRITE. */
  begin(): Promise<void>;
  /** To be called when everything that was sent is acknowledged; `close` writes it down. */
  finish(): void;
  get(id: string): CheckpointEntry | undefined;
  entries(): IterableIterator<[string, CheckpointEntry]>;
  /** Takes effect at once for `get`; on disk within a second, or longer where writing takes long (`restMs`), or at `flush`. */
  set(id: string, entry: NewEntry): void;
  delete(id: string): void;
  /** Notes that the stream exists. */
  see(id: string): void;
  /**
   * Forgets entries that nobody has seen for 30 days. To be called by who has just seen all that exist, and by nobody else: a
   * source that could not look for a month still needs what it knows.
   */
  forget(): void;
  /** Resolves when everything set before is on disk; throws CCX_CHECKPOINT_WRITE. */
  flush(): Promise<void>;
  /** Writes what is open and stops the timer. Throws as `flush`. */
  close(): Promise<void>;
}

export interface CheckpointOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock?: Clock;
  /** How long changes wait for the disk, at least. */
  readonly writeDelayMs?: number;
  /** Throws when this process may write no more; asked before each write. */
  readonly guard?: () => Promise<void>;
  /** How much of the reject store is on disk; written along, so that it shows when records are missing. */
  readonly rejects?: () => RejectMark | undefined;
  /** Told once when writes have failed for about half a minute: the run is to end. */
  readonly onStuck?: (error: unknown) => void;
}

const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;
/** How often a run that goes on looks for entries to forget. */
const FORGET_EVERY_MS = 60 * 60 * 1000;
/** Noting at every look that a file exists would be a write at every look. */
const SEE_EVERY_MS = 24 * 60 * 60 * 1000;

/** An open checkpoint alone keeps no process alive. */
const idleClock: Clock = {
  ...systemClock,
  after(ms, fire) {
    const timer = setTimeout(fire, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** So many writes in a row fail before a run is told to end: a disk may be full for a moment. */
const PATIENCE_WRITES = 30;

/**
 * Opens `checkpoint.json` in `dataDir`, which is made if missing. When it is torn or altered, the generation before it
 * (`checkpoint.previous.json`) is used and a warning says so. For one process at a time: the one that holds the lock.
 * Throws CCX_CHECKPOINT_VERSION for a file of a newer version, CCX_CHECKPOINT_CORRUPT when no generation is good,
 * CCX_DATA_DIR_UNUSABLE when files cannot be read.
 */
export async function openCheckpoint(dataDir: string, options: CheckpointOptions): Promise<Checkpoint> {
  const { clean, entries, age: mark } = await takeGeneration(dataDir, options.logger);
  const age = new Age(mark, options.clock ?? systemClock);
  const known = Object.entries(entries).map(([id, entry]): [string, CheckpointEntry] => [
    id,
    { ...(mark === undefined ? seenBy(age, entry) : entry), ...(!clean && { unsure: true }) },
  ]);
  return new FileCheckpoint(dataDir, { clean, age, entries: new Map(known) }, options);
}

/** An entry of a release whose times were those of the machine's clock, for which nobody vouches. */
function seenBy(age: Age, entry: CheckpointEntry): CheckpointEntry {
  return { ...entry, seenMs: age.now(), ...(entry.seenMs === Number.MAX_SAFE_INTEGER && { lasting: true }) };
}

interface Opened {
  readonly clean: boolean;
  readonly age: Age;
  readonly entries: Map<string, CheckpointEntry>;
}

/**
 * The entries of a data_dir as they are on disk, for those who only look; empty where nothing ever ran.
 * Throws as `openCheckpoint`.
 */
export async function readCheckpoint(dataDir: string): Promise<ReadonlyMap<string, CheckpointEntry>> {
  const { entries } = await readGeneration(dataDir);
  return new Map(Object.entries(entries));
}

/** What the checkpoint says of the reject store; undefined where it says nothing, or nobody can read it. */
export async function readRejectMark(dataDir: string): Promise<RejectMark | undefined> {
  // A damaged checkpoint is told by who needs it.
  return (await readGeneration(dataDir).catch(() => undefined))?.rejects;
}

class FileCheckpoint implements Checkpoint {
  readonly clean: boolean;
  /** What the file says, or will say. */
  #isClean: boolean;
  readonly #dataDir: string;
  readonly #entries: Map<string, CheckpointEntry>;
  readonly #options: CheckpointOptions;
  readonly #age: Age;
  readonly #clock: Clock;
  #dirty = false;
  #isClosed = false;
  /** How long the last write took. */
  #tookMs = 0;
  /** How many writes of the timer failed, one after the other. */
  #failures = 0;
  #forgetAtMs = 0;
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string, { clean, age, entries }: Opened, options: CheckpointOptions) {
    this.clean = clean;
    this.#isClean = clean;
    this.#dataDir = dataDir;
    this.#age = age;
    this.#entries = entries;
    this.#options = options;
    this.#clock = options.clock ?? idleClock;
  }

  begin(): Promise<void> {
    this.#isClean = false;
    this.#dirty = true;
    return this.flush();
  }

  finish(): void {
    this.#isClean = true;
    this.#changed();
  }

  get(id: string): CheckpointEntry | undefined {
    return this.#entries.get(id);
  }

  entries(): IterableIterator<[string, CheckpointEntry]> {
    return this.#entries.entries();
  }

  set(id: string, entry: NewEntry): void {
    this.#entries.set(id, { ...entry, seenMs: this.#age.now() });
    this.#changed();
  }

  see(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined && this.#age.now() - entry.seenMs > SEE_EVERY_MS) this.set(id, entry);
  }

  forget(): void {
    const now = this.#age.now();
    if (now < this.#forgetAtMs) return;
    this.#forgetAtMs = now + FORGET_EVERY_MS;
    for (const [id, { seenMs, lasting }] of this.#entries)
      if (lasting !== true && seenMs < now - FORGET_AFTER_MS) this.delete(id);
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#changed();
  }

  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    // One write after the other: two at a time would use the same temporary file.
    const write = this.#writing.then(() => this.#write());
    this.#writing = write.catch(() => undefined);
    await write;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #changed(): void {
    this.#dirty = true;
    if (this.#isClosed) return;
    this.#cancelTimer ??= this.#clock.after(restMs(this.#tookMs, this.#options.writeDelayMs ?? 1000), () => {
      this.flush().then(
        () => (this.#failures = 0),
        (error: unknown) => this.#failed(error),
      );
    });
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1)
      this.#options.logger.warn({ error }, 'the checkpoint could not be written and is tried again');
    if (this.#failures === PATIENCE_WRITES) this.#options.onStuck?.(error);
    this.#changed();
  }

  async #write(): Promise<void> {
    if (!this.#dirty) return;
    await this.#options.guard?.();
    this.#dirty = false;
    const startMs = this.#clock.steady();
    this.#tookMs = 0;
    try {
      const entries = Object.fromEntries(this.#entries);
      const rejects = this.#options.rejects?.();
      const age = this.#age.mark();
      await store(this.#dataDir, { clean: this.#isClean, age, entries, ...(rejects !== undefined && { rejects }) });
      this.#tookMs = this.#clock.steady() - startMs;
    } catch (cause) {
      this.#dirty = true;
      throw new ConnectorError('CCX_CHECKPOINT_WRITE', `the checkpoint cannot be written: ${String(cause)}`, {
        place: checkpointPaths(this.#dataDir).current,
        cause,
      });
    }
  }
}
