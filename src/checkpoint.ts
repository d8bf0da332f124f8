import { checkpointPaths, readGeneration, store, takeGeneration } from './checkpoint/generations.js';
import { ConnectorError } from './errors.js';
import type { Logger } from './log.js';
import type { JsonObject, Position } from './record.js';

/** How far one stream is finished. */
export interface CheckpointEntry {
  readonly position: Position;
  /** The end of the stream was reached. */
  readonly done: boolean;
  /** When the stream was last seen to exist, in milliseconds since 1970. */
  readonly seenMs: number;
  /**
   * Events behind `position` may be stored already, by a run that did not end cleanly. Set on every entry of such a run;
   * to be kept by its source until the stream was read to its end.
   */
  readonly unsure?: boolean;
  /** What its source needs to know it again. */
  readonly identity?: JsonObject;
}

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
  /** Takes effect at once for `get`, and on disk within a second or at `flush`. */
  set(id: string, entry: CheckpointEntry): void;
  delete(id: string): void;
  /** Resolves when everything set before is on disk; throws CCX_CHECKPOINT_WRITE. */
  flush(): Promise<void>;
  /** Writes what is open and stops the timer. Throws as `flush`. */
  close(): Promise<void>;
}

export interface CheckpointOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly nowMs?: () => number;
  /** How long changes may wait for the disk. */
  readonly writeDelayMs?: number;
  /** Throws when this process may write no more; asked before each write. */
  readonly guard?: () => Promise<void>;
  /** Told once when writes have failed for about half a minute: the run is to end. */
  readonly onStuck?: (error: unknown) => void;
}

const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;
/** How often a run that goes on looks for entries to forget. */
const FORGET_EVERY_MS = 60 * 60 * 1000;

/** So many writes in a row fail before a run is told to end: a disk may be full for a moment. */
const PATIENCE_WRITES = 30;

/**
 * Opens `checkpoint.json` in `dataDir`, which is made if missing. When it is torn or altered, the generation before it
 * (`checkpoint.previous.json`) is used and a warning says so. For one process at a time: the one that holds the lock.
 * Throws CCX_CHECKPOINT_VERSION for a file of a newer version, CCX_CHECKPOINT_CORRUPT when no generation is good,
 * CCX_DATA_DIR_UNUSABLE when files cannot be read.
 */
export async function openCheckpoint(dataDir: string, options: CheckpointOptions): Promise<Checkpoint> {
  const nowMs = options.nowMs ?? Date.now;
  const { clean, entries } = await takeGeneration(dataDir, options.logger);
  const kept = Object.entries(entries).filter(([, { seenMs }]) => seenMs >= nowMs() - FORGET_AFTER_MS);
  const known = kept.map(([id, entry]): [string, CheckpointEntry] => [id, clean ? entry : { ...entry, unsure: true }]);
  return new FileCheckpoint(dataDir, clean, new Map(known), options);
}

/**
 * The entries of a data_dir as they are on disk, for those who only look; empty where nothing ever ran.
 * Throws as `openCheckpoint`.
 */
export async function readCheckpoint(dataDir: string): Promise<ReadonlyMap<string, CheckpointEntry>> {
  const { entries } = await readGeneration(dataDir);
  return new Map(Object.entries(entries));
}

class FileCheckpoint implements Checkpoint {
  readonly clean: boolean;
  /** What the file says, or will say. */
  #isClean: boolean;
  readonly #dataDir: string;
  readonly #entries: Map<string, CheckpointEntry>;
  readonly #options: CheckpointOptions;
  #dirty = false;
  /** How many writes of the timer failed, one after the other. */
  #failures = 0;
  #forgetAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string, clean: boolean, entries: Map<string, CheckpointEntry>, options: CheckpointOptions) {
    this.clean = clean;
    this.#isClean = clean;
    this.#dataDir = dataDir;
    this.#entries = entries;
    this.#options = options;
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

  set(id: string, entry: CheckpointEntry): void {
    this.#entries.set(id, entry);
    this.#changed();
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#changed();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One write after the other: two at a time would use the same temporary file.
    const write = this.#writing.then(() => this.#write());
    this.#writing = write.catch(() => undefined);
    await write;
  }

  async close(): Promise<void> {
    await this.flush();
  }

  #changed(): void {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => {
      this.flush().then(
        () => (this.#failures = 0),
        (error: unknown) => this.#failed(error),
      );
    }, this.#options.writeDelayMs ?? 1000).unref();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1)
      this.#options.logger.warn({ error }, 'the checkpoint could not be written and is tried again');
    if (this.#failures === PATIENCE_WRITES) this.#options.onStuck?.(error);
    this.#changed();
  }

  /** A run may go on for a year, in a directory with a new file every minute. */
  #forget(): void {
    const now = (this.#options.nowMs ?? Date.now)();
    if (now < this.#forgetAtMs) return;
    this.#forgetAtMs = now + FORGET_EVERY_MS;
    for (const [id, { seenMs }] of this.#entries) if (seenMs < now - FORGET_AFTER_MS) this.#entries.delete(id);
  }

  async #write(): Promise<void> {
    if (!this.#dirty) return;
    await this.#options.guard?.();
    this.#dirty = false;
    this.#forget();
    try {
      await store(this.#dataDir, { clean: this.#isClean, entries: Object.fromEntries(this.#entries) });
    } catch (cause) {
      this.#dirty = true;
      throw new ConnectorError('CCX_CHECKPOINT_WRITE', `the checkpoint cannot be written: ${String(cause)}`, {
        place: checkpointPaths(this.#dataDir).current,
        cause,
      });
    }
  }
}
