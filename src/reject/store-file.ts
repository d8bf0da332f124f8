import { open, stat, type FileHandle } from 'node:fs/promises';
import { isMissing, syncDirectory, unusable } from '../data-dir/disk.js';
import type { RejectMark } from '../record.js';
import { appendLines, endLine } from './append.js';
import { compactStore, type RejectPaths } from './compact.js';
import { headerLine } from './lines.js';
import { firstLine, markOf, missingBytes, missingIn, openToRead } from './mark.js';
import { liveRecords, type LiveRecord } from './scan.js';

/** The file of the reject store: lines are appended to it, read from it, and it is written anew. */
export class StoreFile {
  readonly path: string;
  readonly #paths: RejectPaths;
  readonly #onMissing: (bytes: number) => void;
  #mark: RejectMark | undefined;

  /** @param onMissing is told how many bytes are gone that were on disk */
  constructor(paths: RejectPaths, onMissing: (bytes: number) => void) {
    this.#paths = paths;
    this.#onMissing = onMissing;
    this.path = paths.current;
  }

  /** What is known to be on disk, from the last `append`, `compact` or `sync`. */
  get mark(): RejectMark | undefined {
    return this.#mark;
  }

  /** In bytes; 0 when there is none. Throws CCX_DATA_DIR_UNUSABLE. */
  size(): Promise<number> {
    return sizeOf(this.path);
  }

  /** The same together with the damaged lines that were set aside. */
  async allBytes(): Promise<number> {
    return (await this.size()) + (await sizeOf(this.#paths.damaged));
  }

  /** Throws CCX_REJECT_VERSION when a newer version wrote it, CCX_DATA_DIR_UNUSABLE. */
  async checkVersion(): Promise<void> {
    const file = await openToRead(this.path);
    if (file === undefined) return;
    try {
      await firstLine(file, this.path);
    } finally {
      await file.close();
    }
  }

  /** The records as the store is now: what is appended or written anew meanwhile is not seen. `damaged` is told `file:line`. */
  async *live(damaged: (place: string, bytes: number) => void): AsyncGenerator<LiveRecord> {
    const file = await openToRead(this.path);
    if (file === undefined) return;
    try {
      const { size } = await file.stat();
      yield* liveRecords(file, this.path, size, ({ number, bytes }) =>
        damaged(`${this.path}:${number}`, bytes.length + 1),
      );
    } finally {
      await file.close();
    }
  }

  /** Appends lines, durably. */
  async append(lines: readonly string[]): Promise<void> {
    // Another process may have put a new file in the place of the one that was written to. Once more is enough: there are
    // file systems that never call a file by the same number.
    if (!(await this.#appendOnce(lines))) await this.#appendOnce(lines);
  }

  /** Writes it anew without what is dead; `guard` throws when that is another's to do. */
  async compact(guard?: () => Promise<void>): Promise<void> {
    const missing = await missingBytes(this.path, this.#mark);
    await this.#endLine();
    await compactStore(this.#paths, guard);
    await this.sync();
    if (missing > 0) this.#onMissing(missing);
  }

  /** Sees to it that what is there is on disk, whoever wrote it. */
  async sync(): Promise<void> {
    const file = await openToRead(this.path);
    if (file === undefined) return;
    try {
      await this.#sync(file, false);
    } finally {
      await file.close();
    }
  }

  /** @returns whether the file that was written to is still the store. */
  async #appendOnce(lines: readonly string[]): Promise<boolean> {
    const file = await open(this.path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      // The mark is of what is there now, so who looks later would see nothing.
      const missing = await missingIn(file, this.path, this.#mark);
      await appendLines(file, size === 0 ? [headerLine(), ...lines] : lines);
      await this.#sync(file, size === 0);
      if (missing > 0) this.#onMissing(missing);
      return await isAt(file, this.path);
    } finally {
      await file.close();
    }
  }

  async #sync(file: FileHandle, isNew: boolean): Promise<void> {
    // Looked at before: what another process writes meanwhile need not be on disk.
    const mark = await markOf(file, this.path);
    await file.sync();
    // Without it a power cut can lose the file's name.
    if (isNew) await syncDirectory(this.#paths.directory);
    this.#mark = mark;
  }

  /** A last line that a crash cut off is not to be joined to what another process appends. */
  async #endLine(): Promise<void> {
    const file = await open(this.path, 'a+', 0o600);
    try {
      await endLine(file);
    } finally {
      await file.close();
    }
  }
}

/** The size of a file in bytes; 0 when there is none. Throws CCX_DATA_DIR_UNUSABLE. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw unusable(path, 'cannot be looked at', error);
  }
}

async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return there !== undefined && own.ino === there.ino && own.dev === there.dev;
}
