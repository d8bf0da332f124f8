import type { Checkpoint, CheckpointEntry } from '../checkpoint.js';
import type { Clock } from '../clock.js';
import type { JsonObject, Position } from '../record.js';
import { identityOf, isSame, readIdentity, type FileLook } from './identity.js';

const START: Position = { offset: 0, arrayDepth: 0 };
const TOUCH_AFTER_MS = 24 * 60 * 60 * 1000;

/** What is known of a file that was looked at. */
export interface KnownFile {
  readonly id: string;
  readonly position: Position;
  /** It was read to its end as it is now, and nothing more is expected of it. */
  readonly finished: boolean;
  /** It was read to its end as it is now; what is unfinished there was left for later. */
  readonly readToEnd: boolean;
  /** Events behind `position` may be stored already. */
  readonly unsure: boolean;
  /** Id of what was known of the same inode before it was cut or written anew. */
  readonly replaced?: string;
}

/** Connects files with their checkpoint entries, by identity and not by name. */
export class FileProgress {
  readonly #checkpoint: Checkpoint;
  readonly #clock: Pick<Clock, 'steady'>;
  /** Stream id by device and inode. */
  readonly #ids = new Map<string, string>();
  /** Device and inode of files that were emptied: what is written there next may be what was there before. */
  readonly #emptied = new Set<string>();

  constructor(checkpoint: Checkpoint, clock: Pick<Clock, 'steady'>) {
    this.#checkpoint = checkpoint;
    this.#clock = clock;
    for (const [id, entry] of checkpoint.entries()) {
      const identity = readIdentity(entry.identity);
      if (identity !== undefined) this.#ids.set(`${identity.dev}:${identity.ino}`, id);
    }
  }

  /** Finds the file's entry, or makes one. `isOld`: a run before this one may have read the file. */
  know(look: FileLook, isOld: boolean): KnownFile {
    const inode = `${look.dev}:${look.ino}`;
    const id = this.#ids.get(inode);
    const entry = id === undefined ? undefined : this.#checkpoint.get(id);
    if (id === undefined || entry === undefined)
      return this.#begin(look, 0, this.#emptied.delete(inode) || (isOld && !this.#checkpoint.clean));
    const kept = entry.identity ?? {};
    if (!this.#continues(look, entry)) {
      this.#checkpoint.delete(id);
      return { ...this.#begin(look, Number(kept['generation'] ?? 0) + 1, true), replaced: id };
    }
    this.#touch(id, entry);
    const readToEnd = entry.done && kept['size'] === look.size && kept['mtimeMs'] === look.mtimeMs;
    const finished = readToEnd && kept['final'] === true;
    return { id, position: entry.position, finished, readToEnd, unsure: entry.unsure ?? false };
  }

  /** A file of no bytes: whatever was known of it is over. True when something was. */
  forget(look: Pick<FileLook, 'dev' | 'ino'>): boolean {
    const inode = `${look.dev}:${look.ino}`;
    const id = this.#ids.get(inode);
    if (id === undefined) return false;
    this.#ids.delete(inode);
    this.#emptied.add(inode);
    const known = this.#checkpoint.get(id) !== undefined;
    this.#checkpoint.delete(id);
    return known;
  }

  /** Notes that a file exists, which was found unchanged. */
  see({ dev, ino }: Pick<FileLook, 'dev' | 'ino'>): void {
    const id = this.#ids.get(`${dev}:${ino}`);
    const entry = id === undefined ? undefined : this.#checkpoint.get(id);
    if (id !== undefined && entry !== undefined) this.#touch(id, entry);
  }

  /** Forgets the inodes of files that are not there, when nothing else is known of them any more. */
  prune(there: ReadonlySet<string>): void {
    for (const inode of this.#emptied) if (!there.has(inode)) this.#emptied.delete(inode);
    for (const [inode, id] of this.#ids)
      if (!there.has(inode) && this.#checkpoint.get(id) === undefined) this.#ids.delete(inode);
  }

  /** How many files something is remembered of. */
  get size(): number {
    return this.#ids.size + this.#emptied.size;
  }

  /** Keeps a position. `pass` says how the file was read; with `done` it was, to the end. */
  keep(id: string, position: Position, done: boolean, pass: { look: FileLook; final: boolean }): void {
    const generation = Number(id.split('.')[1] ?? 0);
    const unsure = !done && this.#checkpoint.get(id)?.unsure === true;
    this.#set(id, { position, done, unsure, identity: identityRecord(pass.look, pass.final, generation) });
  }

  /** Notes that more was read of a stream than will be acknowledged. */
  doubt(id: string): void {
    const entry = this.#checkpoint.get(id);
    if (entry !== undefined) this.#checkpoint.set(id, { ...entry, unsure: true });
  }

  #begin(look: FileLook, generation: number, unsure: boolean): KnownFile {
    const identity = identityOf(look);
    const id = `file:${look.dev}:${look.ino}:${identity.sha256.slice(0, 16)}.${generation}`;
    this.#ids.set(`${look.dev}:${look.ino}`, id);
    this.#set(id, { position: START, done: false, unsure, identity: identityRecord(look, false, generation) });
    return { id, position: START, finished: false, readToEnd: false, unsure };
  }

  #continues(look: FileLook, entry: CheckpointEntry): boolean {
    const identity = readIdentity(entry.identity);
    const size = Number(entry.identity?.['size'] ?? 0);
    return identity !== undefined && isSame(look, identity) && look.size >= size;
  }

  #set(id: string, { unsure = false, ...entry }: Omit<CheckpointEntry, 'seenMs'>): void {
    this.#checkpoint.set(id, { ...entry, seenMs: this.#clock.steady(), ...(unsure && { unsure }) });
  }

  /** Entries of files that exist must not be dropped for age, also when the clock was wrong at a former start. */
  #touch(id: string, entry: CheckpointEntry): void {
    const nowMs = this.#clock.steady();
    if (Math.abs(nowMs - entry.seenMs) > TOUCH_AFTER_MS) this.#checkpoint.set(id, { ...entry, seenMs: nowMs });
  }
}

function identityRecord(look: FileLook, final: boolean, generation: number): JsonObject {
  return { ...identityOf(look), path: look.path, size: look.size, mtimeMs: look.mtimeMs, final, generation };
}
