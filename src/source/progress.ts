import type { Checkpoint, CheckpointEntry, NewEntry } from '../checkpoint.js';
import type { JsonObject, Position } from '../record.js';
import {
  identityOf,
  inflatedHead,
  isGzipFile,
  isSame,
  readIdentity,
  type FileIdentity,
  type FileLook,
} from './identity.js';

const START: Position = { offset: 0, arrayDepth: 0 };
/** So many beginnings of files are remembered, the latest ones: a copy is made when its file is, or was just, there. */
const HEADS = 1000;

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
  /** Stream id by device and inode. */
  readonly #ids = new Map<string, string>();
  /** Device and inode of files that were emptied: what is written there next may be what was there before. */
  readonly #emptied = new Set<string>();
  /** Beginnings of files, gone or cut ones too: how many bytes, by their digest. The oldest comes first. */
  readonly #heads = new Map<string, number>();

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
    for (const [id, entry] of checkpoint.entries()) {
      const identity = readIdentity(entry.identity);
      if (identity === undefined) continue;
      this.#ids.set(`${identity.dev}:${identity.ino}`, id);
      this.#remember(identity);
    }
  }

  /** Finds the file's entry, or makes one. `isOld`: a run before this one may have read the file. */
  know(look: FileLook, isOld: boolean): KnownFile {
    const inode = `${look.dev}:${look.ino}`;
    const id = this.#ids.get(inode);
    const entry = id === undefined ? undefined : this.#checkpoint.get(id);
    if (id === undefined || entry === undefined) {
      const unsure = this.#emptied.delete(inode) || (isOld && !this.#checkpoint.clean) || this.#isCopy(look);
      return this.#begin(look, 0, unsure);
    }
    const kept = entry.identity ?? {};
    if (!this.#continues(look, entry)) {
      this.#checkpoint.delete(id);
      return { ...this.#begin(look, Number(kept['generation'] ?? 0) + 1, true), replaced: id };
    }
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

  /** Notes which files exist. What is gone is forgotten: its inode when nothing else is known of it, its position after a time. */
  prune(there: ReadonlySet<string>): void {
    for (const inode of there) {
      const id = this.#ids.get(inode);
      if (id !== undefined) this.#checkpoint.see(id);
    }
    this.#checkpoint.forget();
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
    this.#remember(identityOf(pass.look));
    this.#set(id, { position, done, unsure, identity: identityRecord(pass.look, pass.final, generation) });
  }

  /** Notes that more was read of a stream than will be acknowledged. */
  doubt(id: string): void {
    const entry = this.#checkpoint.get(id);
    if (entry !== undefined) this.#checkpoint.set(id, { ...entry, unsure: true });
  }

  /**
   * Whether another file began like this one, compressed or not: what copytruncate leaves, say, or a rotation that compresses. Its events may be stored already, and their ids
   * would not protect them when the data stream has rolled over since.
   */
  #isCopy(look: FileLook): boolean {
    const heads = isGzipFile(look) ? [look.head, inflatedHead(look)] : [look.head];
    return [...new Set(this.#heads.values())].some((length) =>
      heads.some((head) => {
        if (length > head.length) return false;
        const { sha256 } = identityOf({ ...look, head: head.subarray(0, length) });
        return this.#heads.get(sha256) === length;
      }),
    );
  }

  #remember({ sha256, length }: FileIdentity): void {
    this.#heads.delete(sha256);
    this.#heads.set(sha256, length);
    const [oldest = sha256] = this.#heads.keys();
    if (this.#heads.size > HEADS) this.#heads.delete(oldest);
  }

  #begin(look: FileLook, generation: number, unsure: boolean): KnownFile {
    const identity = identityOf(look);
    this.#remember(identity);
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

  #set(id: string, { unsure = false, ...entry }: NewEntry): void {
    this.#checkpoint.set(id, { ...entry, ...(unsure && { unsure }) });
  }
}

function identityRecord(look: FileLook, final: boolean, generation: number): JsonObject {
  return { ...identityOf(look), path: look.path, size: look.size, mtimeMs: look.mtimeMs, final, generation };
}
