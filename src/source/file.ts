import type { FileHandle } from 'node:fs/promises';
import type { Checkpoint } from '../checkpoint.js';
import { sleep, systemClock, type Clock } from '../clock.js';
import type { FileInputConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import type { InputStream, Position, Source } from '../record.js';
import { faultError, findFiles, pathFault, tryLook, type Found } from './find.js';
import { isGzipFile, isUncut, openToRead, type FileLook, type FileStat } from './identity.js';
import { FileProgress, type KnownFile } from './progress.js';

export interface FileSourceOptions {
  /** End when all files that are there now were read; otherwise go on looking for new and grown ones. */
  readonly once: boolean;
  readonly checkpoint: Checkpoint;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Each read is a way to another thread and back. */
const CHUNK_BYTES = 512 * 1024;
/** So many looks must find a file unchanged before its end counts as its end. */
const SETTLED_LOOKS = 2;

/**
 * Events from files. A file is known by device, inode and first bytes, so it goes on where it was after a rename or a
 * rotation; at the first look by path, inode and first bytes, too, as devices may have got other numbers. Plain files are
 * read from the position reached; gzip files from their start, and in a continuous run only when they have not changed for
 * two looks. An unfinished last event of a plain file waits as long, too.
 *
 * With `once`, a path (not a pattern) that does not exist throws CCX_INPUT_NOT_FOUND before anything is read, and a file
 * that cannot be read throws CCX_INPUT_UNREADABLE after all others were. In a continuous run both are logged, once, and so is a
 * file that is cut while it is read, or fails then: the next look finds what has become of it.
 *
 * Events may be stored already (`mayBeStored`) in files that are there at the first look after a run that did not end
 * cleanly, in those that were cut, emptied or written anew, in those that begin as another one did, and where reading broke
 * off.
 */
export function fileSource(config: FileInputConfig, options: FileSourceOptions): Source {
  return new FileSource(config, options);
}

interface Pass {
  readonly look: FileLook;
  readonly final: boolean;
}

class FileSource implements Source {
  readonly #config: FileInputConfig;
  readonly #options: FileSourceOptions;
  readonly #progress: FileProgress;
  /** Streams handed out and not acknowledged to their end. */
  readonly #passes = new Map<string, Pass>();
  readonly #handles = new Set<FileHandle>();
  /** Read into in turns, by one stream after the other. */
  readonly #chunks: Buffer[] = [];
  /** How often a file was found as it was, by stream id. */
  readonly #quiet = new Map<string, { inode: string; size: number; mtimeMs: number; looks: number }>();
  /** When files that are finished were last changed, by inode: they need not be opened to know them again. */
  #finished = new Map<string, bigint>();
  readonly #clock: Clock;
  #told = new Set<string>();
  #fault: ConnectorError | undefined;
  /** The first look is going on: what it finds, a run before this one may have read. */
  #isFirst = true;

  constructor(config: FileInputConfig, options: FileSourceOptions) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#progress = new FileProgress(options.checkpoint);
  }

  /** What the last look could not read. */
  get fault(): ConnectorError | undefined {
    return this.#fault;
  }

  async *streams(signal: AbortSignal): AsyncGenerator<InputStream> {
    while (!signal.aborted) {
      const found = await findFiles(this.#config.paths);
      const faults = [...found.faults];
      const missing = faultError(faults);
      if (this.#options.once && missing?.code === 'CCX_INPUT_NOT_FOUND') throw missing;
      this.#fault = missing;
      this.#prune(found.files);
      for (const file of found.files) {
        if (signal.aborted) return;
        const look = this.#isFinished(file) ? undefined : await tryLook(file.path, faults);
        const stream = look && (await this.#next(look));
        if (stream !== undefined) yield stream;
      }
      const error = faultError(faults);
      this.#fault = error;
      this.#tell({ ...found, faults });
      if (this.#options.once) {
        if (error !== undefined) throw error;
        return;
      }
      this.#isFirst = false;
      this.#progress.endFirstLook();
      await sleep(this.#clock, this.#config.poll_interval_s * 1000, signal);
    }
  }

  ack(streamId: string, position: Position, done: boolean): Promise<void> {
    const pass = this.#passes.get(streamId);
    if (pass !== undefined) this.#progress.keep(streamId, position, done, pass);
    if (done) this.#passes.delete(streamId);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#handles].map((handle) => handle.close()));
    this.#handles.clear();
  }

  /** Faults of a continuous run are said when they come up, not at every look. */
  #tell({ faults, unmatched }: Found): void {
    const { logger } = this.#options;
    const now = new Set([...faults.map(({ path }) => path), ...unmatched]);
    for (const fault of faults) {
      const { code, place, remedy, message } = pathFault(fault);
      if (!this.#told.has(fault.path)) logger.error({ code, path: place, fix: remedy }, message);
    }
    for (const path of unmatched) if (!this.#told.has(path)) logger.warn({ path }, 'no file matches the pattern');
    this.#told = now;
  }

  /** It was read to its end, and not touched since. */
  #isFinished(file: FileStat): boolean {
    return this.#finished.get(inodeOf(file)) === file.ctimeNs;
  }

  /** Nothing is kept of files that are gone, but their positions: a run may go on for a year. */
  #prune(files: readonly FileStat[]): void {
    const there = new Set(files.map(inodeOf));
    this.#progress.prune(there);
    for (const inode of this.#finished.keys()) if (!there.has(inode)) this.#finished.delete(inode);
    for (const [id, { inode }] of this.#quiet) if (!there.has(inode)) this.#quiet.delete(id);
  }

  /** The stream that is due for a file, if one is. */
  async #next(look: FileLook): Promise<InputStream | undefined> {
    const { logger } = this.#options;
    if (look.size === 0) {
      if (this.#progress.forget(look)) logger.warn({ path: look.path }, 'the file was emptied; it is read anew');
      return undefined;
    }
    const known = this.#progress.know(look, this.#isFirst);
    if (known.replaced !== undefined) {
      logger.warn({ path: look.path }, 'the file was cut or written anew; it is read from its start');
      // What was read of its former content is still acknowledged, and must not count for the new one.
      this.#passes.delete(known.replaced);
    }
    if (known.finished) this.#finished.set(inodeOf(look), look.ctimeNs);
    if (known.finished || this.#passes.has(known.id)) return undefined;
    const final = this.#options.once || this.#isSettled(known.id, look);
    if (!final && (known.readToEnd || isGzipFile(look))) return undefined;
    return this.#open(look, known, final);
  }

  #isSettled(id: string, look: FileLook): boolean {
    const { size, mtimeMs } = look;
    const before = this.#quiet.get(id);
    const same = before?.size === size && before.mtimeMs === mtimeMs;
    const looks = same ? before.looks + 1 : 0;
    this.#quiet.set(id, { inode: inodeOf(look), size, mtimeMs, looks });
    return looks >= SETTLED_LOOKS;
  }

  async #open(look: FileLook, { id, position, unsure }: KnownFile, final: boolean): Promise<InputStream | undefined> {
    const handle = await this.#handleOf(look);
    if (handle === undefined) return undefined;
    const seeked = !isGzipFile(look);
    const start = seeked ? position.offset : 0;
    this.#quiet.delete(id);
    this.#passes.set(id, { look, final });
    return {
      id,
      origin: { input: 'file', path: look.path },
      resume: position,
      bytes: this.#read(id, handle, look, start),
      seeked,
      final,
      mayBeStored: unsure,
      retried: !this.#options.once,
    };
  }

  /** The file that was looked at; undefined when another one took its name since: the next look will find both. */
  async #handleOf(look: FileLook): Promise<FileHandle | undefined> {
    const handle = await openToRead(look.path).catch(() => undefined);
    if (handle === undefined) return undefined;
    const { dev, ino } = await handle.stat({ bigint: true });
    if (String(dev) !== look.dev || String(ino) !== look.ino) {
      await handle.close();
      return undefined;
    }
    this.#handles.add(handle);
    return handle;
  }

  /** The bytes up to the size seen: what is written meanwhile belongs to the next pass. */
  async *#read(id: string, handle: FileHandle, look: FileLook, start: number): AsyncGenerator<Buffer> {
    const { path, size } = look;
    try {
      for (let at = start, turn = 0; at < size; turn = 1 - turn) {
        const buffer = (this.#chunks[turn] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
        const { bytesRead } = await handle.read(buffer, 0, Math.min(CHUNK_BYTES, size - at), at);
        // An end here would pass for the end of an event, and new content behind old for one event.
        if (bytesRead === 0 || !(await isUncut(handle, look))) throw new Error('the file was cut while it was read');
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } catch (cause) {
      // Not finished: a later look begins again from the checkpoint.
      this.#passes.delete(id);
      this.#progress.doubt(id);
      throw this.#broken(path, cause);
    } finally {
      if (this.#handles.delete(handle)) await handle.close();
    }
  }

  /** In a continuous run nobody else tells it. */
  #broken(path: string, cause: unknown): ConnectorError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new ConnectorError('CCX_INPUT_UNREADABLE', `reading stopped: ${why}`, { place: path, cause });
    if (this.#options.once) return error;
    this.#fault = error;
    this.#options.logger.warn({ path, code: error.code }, `${error.message}; it is looked at again`);
    return error;
  }
}

function inodeOf({ dev, ino }: FileStat): string {
  return `${dev}:${ino}`;
}
