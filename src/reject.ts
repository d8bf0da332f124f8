import { open, mkdir, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError } from './errors.js';
import { readLines, type RejectLine } from './reject/lines.js';
import type { RejectRecord } from './record.js';

export { toRejectRecord } from './reject/record.js';

/**
 * The durable store of rejected pieces: JSON lines in `rejects/rejects.jsonl` under the data directory (modes 0700, 0600).
 * Only ever appended to, so a running connector and `reject replay` may use it at the same time; removed records are
 * marked by a line that names their ids.
 */
export interface RejectStore {
  /** Takes records; they are durable when a later `flush` resolves. */
  append(...records: RejectRecord[]): void;
  /** About how much was appended and not flushed yet, in bytes. */
  readonly waitingBytes: number;
  /** Resolves when everything appended before is on disk. Calls at the same time share one fsync. */
  flush(): Promise<void>;
  /** The records that are there, each id once (as first rejected), in the order of rejection. */
  read(): AsyncGenerator<RejectRecord>;
  count(): Promise<number>;
  /** Takes records out for good, durably. Rejected again later, a piece is there again. */
  remove(ids: Iterable<string>): Promise<void>;
  /** Rewrites the file without what was removed, atomically. Only while no other process appends. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

const NEWLINE = 10;

/** Opens the store under `dataDir`, which is made if missing. A torn last line is left behind and not joined to the next. */
export async function openRejectStore(dataDir: string): Promise<RejectStore> {
  const directory = join(dataDir, 'rejects');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return new FileRejectStore(directory);
}

class FileRejectStore implements RejectStore {
  readonly #directory: string;
  readonly #path: string;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, 'rejects.jsonl');
  }

  append(...records: RejectRecord[]): void {
    for (const record of records) {
      const line = JSON.stringify(record);
      this.#waiting.push(line);
      this.#waitingBytes += line.length;
    }
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  flush(): Promise<void> {
    // A flush that has not begun yet takes along what was appended meanwhile.
    if (this.#next !== undefined) return this.#next;
    const flushed = this.#writing.then(() => this.#write());
    this.#next = flushed;
    this.#writing = flushed.catch(() => undefined);
    return flushed;
  }

  async *read(): AsyncGenerator<RejectRecord> {
    const size = await sizeOf(this.#path);
    if (size === 0) return;
    const removed = new Map<string, number>();
    for await (const { number, line } of readLines(this.#path, size)) {
      if ('removed' in line) for (const id of line.removed) removed.set(id, number);
    }
    const seen = new Set<string>();
    for await (const { number, line } of readLines(this.#path, size)) {
      if ('removed' in line || seen.has(line.id) || number < (removed.get(line.id) ?? -1)) continue;
      seen.add(line.id);
      yield line;
    }
  }

  async count(): Promise<number> {
    const ids = new Set<string>();
    for await (const { id } of this.read()) ids.add(id);
    return ids.size;
  }

  async remove(ids: Iterable<string>): Promise<void> {
    const line: RejectLine = { removed: [...ids] };
    if (line.removed.length === 0) return;
    this.#waiting.push(JSON.stringify(line));
    await this.flush();
  }

  async compact(): Promise<void> {
    await this.flush();
    const path = join(this.#directory, 'rejects.next.jsonl');
    const file = await open(path, 'w', 0o600);
    try {
      for await (const record of this.read()) await file.appendFile(`${JSON.stringify(record)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path, this.#path);
    await this.#syncDirectory();
  }

  async close(): Promise<void> {
    await this.flush();
  }

  async #write(): Promise<void> {
    this.#next = undefined;
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      await this.#store(lines);
    } catch (cause) {
      // They stay due: a full disk must not lose them.
      this.#waiting = [...lines, ...this.#waiting];
      throw new ConnectorError('CCX_REJECT_WRITE', `rejected events cannot be stored: ${String(cause)}`, {
        place: this.#path,
        cause,
      });
    }
  }

  async #store(lines: readonly string[]): Promise<void> {
    const file = await open(this.#path, 'a+', 0o600);
    let isNew: boolean;
    try {
      const { size } = await file.stat();
      isNew = size === 0;
      const gap = (await endsInLine(file, size)) ? '' : '\n';
      await file.appendFile(`${gap}${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    if (isNew) await this.#syncDirectory();
  }

  /** Without it a power cut can lose the file's name. */
  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
