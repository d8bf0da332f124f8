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
  /** What its source needs to know it again. */
  readonly identity?: JsonObject;
}

/** The durable positions of all streams. It may lag behind finished work, never run ahead of it. */
export interface Checkpoint {
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
const VERSION = 1;
const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

type Entries = Record<string, CheckpointEntry>;

/**
 * Opens `checkpoint.json` in `dataDir`, which is made if missing. When it is torn or altered, the generation before it
 * (`checkpoint.previous.json`) is used and a warning says so.
 * Throws CCX_CHECKPOINT_VERSION for a file of a newer version, CCX_CHECKPOINT_CORRUPT when no generation is good.
 */
export async function openCheckpoint(dataDir: string, options: CheckpointOptions): Promise<Checkpoint> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const nowMs = options.nowMs ?? Date.now;
  const entries = new Map(Object.entries(await load(dataDir, options.logger)));
  for (const [id, entry] of entries) if (entry.seenMs < nowMs() - FORGET_AFTER_MS) entries.delete(id);
  return new FileCheckpoint(dataDir, entries, options);
}

class FileCheckpoint implements Checkpoint {
  readonly #dataDir: string;
  readonly #entries: Map<string, CheckpointEntry>;
  readonly #options: CheckpointOptions;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string, entries: Map<string, CheckpointEntry>, options: CheckpointOptions) {
    this.#dataDir = dataDir;
    this.#entries = entries;
    this.#options = options;
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

  async #write(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      await store(this.#dataDir, serialise(Object.fromEntries(this.#entries)));
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

function serialise(entries: Entries): string {
  const body = JSON.stringify(entries);
  return `{"format":${JSON.stringify(FORMAT)},"version":${VERSION},"sha256":"${sha256(body)}","entries":${body}}\n`;
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

async function load(dataDir: string, logger: Pick<Logger, 'warn'>): Promise<Entries> {
  const { current, next, previous } = paths(dataDir);
  let found = false;
  // A crash between the two renames leaves the newest generation under its temporary name.
  for (const path of [current, next, previous]) {
    const text = await readFile(path, 'utf8').catch(ignoreMissing);
    const entries = parse(text, path);
    if (entries !== undefined) {
      if (found) logger.warn({ path: current }, 'the checkpoint is damaged; the one before it is used');
      return entries;
    }
    found ||= text !== undefined;
  }
  if (!found) return {};
  throw new ConnectorError('CCX_CHECKPOINT_CORRUPT', 'the checkpoint and the one before it are damaged', {
    place: current,
  });
}

/** The entries of a checkpoint file; undefined when it is missing, torn or altered. */
function parse(text: string | undefined, path: string): Entries | undefined {
  try {
    const file = JSON.parse(text ?? '') as { format?: unknown; version?: unknown; sha256?: unknown; entries?: Entries };
    if (file.format !== FORMAT || typeof file.version !== 'number') return undefined;
    if (file.version > VERSION) throw newerVersion(file.version, path);
    return file.sha256 === sha256(JSON.stringify(file.entries)) ? file.entries : undefined;
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
