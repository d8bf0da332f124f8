import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Writes what is open and stops the timer. */
  close(): Promise<void>;
}

export interface CheckpointOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly nowMs?: () => number;
  /** How long changes may wait for the disk. */
  readonly writeDelayMs?: number;
}

const FORMAT = 'cloudconnexa-ecs checkpoint';
const VERSION = 2;
const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;
/** How often a run that goes on looks for entries to forget. */
const FORGET_EVERY_MS = 60 * 60 * 1000;

type Entries = Record<string, CheckpointEntry>;

interface Generation {
  readonly clean: boolean;
  readonly entries: Entries;
}

/**
 * Opens `checkpoint.json` in `dataDir`, which is made if missing. When it is torn or altered, the generation before it
 * (`checkpoint.previous.json`) is used and a warning says so.
 * Throws CCX_CHECKPOINT_VERSION for a file of a newer version, CCX_CHECKPOINT_CORRUPT when no generation is good.
 */
export async function openCheckpoint(dataDir: string, options: CheckpointOptions): Promise<Checkpoint> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const nowMs = options.nowMs ?? Date.now;
  const { clean, entries } = await load(dataDir, options.logger);
  const kept = Object.entries(entries).filter(([, { seenMs }]) => seenMs >= nowMs() - FORGET_AFTER_MS);
  const known = kept.map(([id, entry]): [string, CheckpointEntry] => [id, clean ? entry : { ...entry, unsure: true }]);
  return new FileCheckpoint(dataDir, clean, new Map(known), options);
}

/**
 * The entries of a data_dir as they are on disk, for those who only look; empty where nothing ever ran.
 * Throws as `openCheckpoint`.
 */
export async function readCheckpoint(dataDir: string): Promise<ReadonlyMap<string, CheckpointEntry>> {
  const { entries } = await load(dataDir, { warn: () => undefined });
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
      this.flush().catch((error: unknown) => {
        this.#options.logger.warn({ error }, 'the checkpoint could not be written and is tried again');
        this.#changed();
      });
    }, this.#options.writeDelayMs ?? 1000).unref();
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
    this.#dirty = false;
    this.#forget();
    try {
      await store(this.#dataDir, serialise({ clean: this.#isClean, entries: Object.fromEntries(this.#entries) }));
    } catch (cause) {
      this.#dirty = true;
      throw new ConnectorError('CCX_CHECKPOINT_WRITE', `the checkpoint cannot be written: ${String(cause)}`, {
        place: paths(this.#dataDir).current,
        cause,
      });
    }
  }
}

function paths(dataDir: string): { current: string; previous: string; next: string } {
  const path = (name: string): string => join(dataDir, `checkpoint${name}.json`);
  return { current: path(''), previous: path('.previous'), next: path('.next') };
}

function serialise({ clean, entries }: Generation): string {
  const body = JSON.stringify({ clean, entries });
  return `{"format":${JSON.stringify(FORMAT)},"version":${VERSION},"sha256":"${sha256(body)}",${body.slice(1)}\n`;
}

/** At every moment one whole generation is under one of the two names. */
async function store(dataDir: string, text: string): Promise<void> {
  const { current, previous, next } = paths(dataDir);
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(current, previous).catch(ignoreMissing);
  await rename(next, current);
  await syncDirectory(dataDir);
}

async function load(dataDir: string, logger: Pick<Logger, 'warn'>): Promise<Generation> {
  const { current, next, previous } = paths(dataDir);
  let found = false;
  // A crash between the two renames leaves the newest generation under its temporary name.
  for (const path of [current, next, previous]) {
    const text = await readFile(path, 'utf8').catch(ignoreMissing);
    const generation = parse(text, path);
    if (generation !== undefined) {
      if (found) logger.warn({ path: current }, 'the checkpoint is damaged; the one before it is used');
      // What came after an older generation, nobody knows.
      return found || path === previous ? { ...generation, clean: false } : generation;
    }
    found ||= text !== undefined;
  }
  if (!found) return { clean: false, entries: {} };
  throw new ConnectorError('CCX_CHECKPOINT_CORRUPT', 'the checkpoint and the one before it are damaged', {
    place: current,
  });
}

/** A checkpoint file; undefined when it is missing, torn or altered. Version 1 did not say how its run ended. */
function parse(text: string | undefined, path: string): Generation | undefined {
  try {
    const file = JSON.parse(text ?? '') as Partial<Generation> & {
      format?: unknown;
      version?: unknown;
      sha256?: unknown;
    };
    if (file.format !== FORMAT || typeof file.version !== 'number') return undefined;
    if (file.version > VERSION) throw newerVersion(file.version, path);
    const { clean = false, entries = {} } = file;
    const body = file.version === 1 ? entries : { clean, entries };
    return file.sha256 === sha256(JSON.stringify(body)) ? { clean, entries } : undefined;
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    return undefined;
  }
}

function newerVersion(version: number, place: string): ConnectorError {
  return new ConnectorError('CCX_CHECKPOINT_VERSION', `the checkpoint has version ${version}, known is ${VERSION}`, {
    place,
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Without it a power cut can undo the renames. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
