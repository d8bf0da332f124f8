import { makeDirectory } from './data-dir/disk.js';
import { ConnectorError } from './errors.js';
import type { Logger } from './log.js';
import type { RejectMark, RejectRecord } from './record.js';
import { rejectPaths } from './reject/compact.js';
import { damageReport, tellDamage, tellMissing, type DamageReport } from './reject/damage.js';
import { HEADER_LINE_BYTES, recordLine, removalLine } from './reject/lines.js';
import { sizeOf, StoreFile } from './reject/store-file.js';

export { toRejectRecord } from './reject/record.js';

/**
 * The durable store of rejected pieces: sealed JSON lines in `rejects/rejects.jsonl` under the data directory (modes 0700,
 * 0600). Only ever appended to, so a running connector and `reject replay` may use it at the same time; removed records are
 * marked by a line that names their ids. The process that holds the data_dir writes it anew without them now and then.
 */
export interface RejectStore {
  /** Takes records; they are durable when a later `flush` resolves. */
  append(...records: RejectRecord[]): void;
  /** About how much was appended and not flushed yet, in bytes. */
  readonly waitingBytes: number;
  /**
   * Resolves when everything appended before is on disk. Calls at the same time share one fsync.
   * Throws CCX_REJECT_FULL when the store would get larger than it may, CCX_REJECT_WRITE when the disk refuses; then all
   * that was appended stays due.
   */
  flush(): Promise<void>;
  /** The records that are there, each id once (as first rejected), in the order of rejection. `damaged` is told `file:line`. */
  read(damaged?: (place: string) => void): AsyncGenerator<RejectRecord>;
  count(): Promise<number>;
  /** Takes records out for good, durably. Rejected again later, a piece is there again. */
  remove(ids: Iterable<string>): Promise<void>;
  /**
   * Writes the file anew without what was removed; damaged lines are set aside. Only for who holds the data_dir: `guard`, by default
   * that of the store, throws when this process does not any more.
   */
  compact(guard?: () => Promise<void>): Promise<void>;
  /** What is to be done at the start of a run: says what is damaged, and compacts where it is worth it. As `compact`. */
  tidy(): Promise<void>;
  /** The file with damaged lines that were set aside; undefined when there are none. */
  damagedFile(): Promise<string | undefined>;
  /** How much of it is known to be on disk, since `tidy` or the last write; undefined when nothing is known. */
  readonly mark: RejectMark | undefined;
  close(): Promise<void>;
}

export interface RejectStoreOptions {
  /** Largest size of the store with what was set aside; without one it may grow as it will. Removals do not count. */
  readonly maxBytes?: number;
  readonly log?: Pick<Logger, 'info' | 'warn'>;
  /** Throws when this process may append no more; asked at each flush. */
  readonly guard?: () => Promise<void>;
}

/** From this share of its largest size on the store is said to be nearly full. */
const NEARLY_FULL = 0.8;
/** Below this it is not worth while to write the store anew. */
const WORTH_BYTES = 64 * 1024;
const silent = { info: () => undefined, warn: () => undefined };

/**
 * Opens the store under `dataDir`, which is made if missing. A torn last line is left behind and not joined to the next.
 * Throws CCX_REJECT_VERSION for a store of a newer version, CCX_DATA_DIR_UNUSABLE.
 */
export async function openRejectStore(dataDir: string, options: RejectStoreOptions = {}): Promise<RejectStore> {
  const paths = rejectPaths(dataDir);
  await makeDirectory(paths.directory);
  const { log = silent } = options;
  const file = new StoreFile(paths, (bytes) => tellMissing(log, paths.current, bytes));
  await file.checkVersion();
  return new FileRejectStore(file, paths.damaged, options);
}

/** Lines that wait for the disk. */
interface Waiting {
  readonly lines: readonly string[];
  readonly bytes: number;
  /** Whether there are records among them, and not removals only. */
  readonly grows: boolean;
}

const NOTHING: Waiting = { lines: [], bytes: 0, grows: false };

class FileRejectStore implements RejectStore {
  readonly #file: StoreFile;
  readonly #damagedPath: string;
  readonly #options: RejectStoreOptions;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #maxBytes: number;
  #lines: string[] = [];
  #bytes = 0;
  #grows = false;
  #toldNearlyFull = false;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(file: StoreFile, damagedPath: string, options: RejectStoreOptions) {
    this.#file = file;
    this.#damagedPath = damagedPath;
    this.#options = options;
    this.#log = options.log ?? silent;
    this.#maxBytes = options.maxBytes ?? Infinity;
  }

  append(...records: RejectRecord[]): void {
    for (const record of records) this.#await(recordLine(record));
    this.#grows ||= records.length > 0;
  }

  get waitingBytes(): number {
    return this.#bytes;
  }

  get mark(): RejectMark | undefined {
    return this.#file.mark;
  }

  flush(): Promise<void> {
    // A flush that has not begun yet takes along what was appended meanwhile.
    this.#next ??= this.#inTurn(() => this.#write());
    return this.#next;
  }

  async *read(damaged: (place: string) => void = () => undefined): AsyncGenerator<RejectRecord> {
    for await (const { record } of this.#file.live(damaged)) yield record;
  }

  async count(): Promise<number> {
    const records = this.read();
    let count = 0;
    while ((await records.next()).done !== true) count += 1;
    return count;
  }

  async remove(ids: Iterable<string>): Promise<void> {
    const removed = [...ids];
    if (removed.length === 0) return;
    this.#await(removalLine(removed));
    await this.flush();
  }

  async compact(guard = this.#options.guard): Promise<void> {
    await this.flush();
    await this.#change(() => this.#compact(guard));
  }

  async tidy(): Promise<void> {
    const { damage, deadBytes, liveBytes, isOld } = await this.#survey();
    tellDamage(this.#log, damage);
    const isMostlyDead = deadBytes > liveBytes && deadBytes > WORTH_BYTES;
    if (isOld || damage.count > 0 || isMostlyDead) await this.#compactIfItCan();
    await this.#change(() => this.#file.sync());
    this.#tellNearlyFull(await this.#file.allBytes());
  }

  async damagedFile(): Promise<string | undefined> {
    return (await sizeOf(this.#damagedPath)) > 0 ? this.#damagedPath : undefined;
  }

  async close(): Promise<void> {
    await this.flush();
  }

  #await(line: string): void {
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line) + 1;
  }

  /** One write after the other, whether those before went well or not. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  #change(work: () => Promise<void>): Promise<void> {
    return this.#inTurn(work).catch((cause: unknown) => {
      throw this.#writeError(cause);
    });
  }

  async #write(): Promise<void> {
    this.#next = undefined;
    await this.#options.guard?.();
    const waiting: Waiting = { lines: this.#lines, bytes: this.#bytes, grows: this.#grows };
    if (waiting.lines.length === 0) return;
    this.#wait(NOTHING);
    try {
      if (waiting.grows) await this.#makeRoom(waiting.bytes);
      await this.#file.append(waiting.lines);
    } catch (cause) {
      // They stay due: a full disk must not lose them.
      this.#wait({
        lines: [...waiting.lines, ...this.#lines],
        bytes: waiting.bytes + this.#bytes,
        grows: waiting.grows || this.#grows,
      });
      throw this.#writeError(cause);
    }
  }

  #wait({ lines, bytes, grows }: Waiting): void {
    this.#lines = [...lines];
    this.#bytes = bytes;
    this.#grows = grows;
  }

  #writeError(cause: unknown): ConnectorError {
    if (cause instanceof ConnectorError && cause.code !== 'CCX_DATA_DIR_UNUSABLE') return cause;
    return new ConnectorError('CCX_REJECT_WRITE', `rejected events cannot be stored: ${String(cause)}`, {
      place: this.#file.path,
      cause,
    });
  }

  /** Sees to it that so many bytes more fit into the store; compacts when it must. Throws CCX_REJECT_FULL. */
  async #makeRoom(bytes: number): Promise<void> {
    const needed = bytes + HEADER_LINE_BYTES + 1;
    if (needed > this.#maxBytes) throw this.#tooLarge(needed);
    const missing = (await this.#file.allBytes()) + needed - this.#maxBytes;
    // To write it anew in vain would take long, at each start of a run that finds it full.
    if (missing > 0 && (await this.#survey()).deadBytes >= missing) await this.#compact();
    const size = await this.#file.allBytes();
    if (size + needed > this.#maxBytes) throw this.#full(size);
    this.#tellNearlyFull(size + needed);
  }

  #full(size: number): ConnectorError {
    const message = `the reject store is full: it has ${size} of ${this.#maxBytes} bytes`;
    return new ConnectorError('CCX_REJECT_FULL', message, { place: this.#file.path });
  }

  /** Nothing that is dropped or replayed would help. */
  #tooLarge(needed: number): ConnectorError {
    const message = `what was rejected at once needs ${needed} bytes, and the reject store may have ${this.#maxBytes}`;
    const remedy = `Raise limits.reject_store_bytes to ${2 * needed} or more, then start again.`;
    return new ConnectorError('CCX_REJECT_FULL', message, { place: this.#file.path, remedy });
  }

  #tellNearlyFull(bytes: number): void {
    if (this.#toldNearlyFull || bytes < NEARLY_FULL * this.#maxBytes) return;
    this.#toldNearlyFull = true;
    this.#log.warn(
      { path: this.#file.path, bytes, limit: this.#maxBytes },
      'the reject store is nearly full; when it is, reading stops: see reject list, reject replay and reject drop',
    );
  }

  /** What there is in the store, in bytes; lines of version 1 (`isOld`) count as dead. */
  async #survey(): Promise<{ damage: DamageReport; deadBytes: number; liveBytes: number; isOld: boolean }> {
    const damage = damageReport();
    let liveBytes = HEADER_LINE_BYTES;
    let damagedBytes = 0;
    let isOld = false;
    const told = (place: string, bytes: number): void => {
      damage.add(place);
      damagedBytes += bytes;
    };
    for await (const { sealed } of this.#file.live(told)) {
      liveBytes += sealed === undefined ? 0 : sealed.length + 1;
      isOld ||= sealed === undefined;
    }
    return { damage, deadBytes: (await this.#file.size()) - liveBytes - damagedBytes, liveBytes, isOld };
  }

  async #compact(guard = this.#options.guard): Promise<void> {
    const before = await this.#file.size();
    if (before === 0) return;
    await this.#file.compact(guard);
    this.#log.info(
      { path: this.#file.path, before, after: await this.#file.size() },
      'the reject store was written anew',
    );
  }

  /** A run can go on without; a disk that is full will be told when something must be written. */
  async #compactIfItCan(): Promise<void> {
    try {
      await this.compact();
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== 'CCX_REJECT_WRITE') throw error;
      this.#log.warn({ path: this.#file.path, error }, 'the reject store cannot be written anew; it stays as it is');
    }
  }
}
