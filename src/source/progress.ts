import type { Checkpoint, CheckpointEntry } from '../checkpoint.js';
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
  /** Id of what was known of the same inode before it was cut or written anew. */
  readonly replaced?: string;
}

/** Connects files with their checkpoint entries, by identity and not by name. */
export class FileProgress {
  readonly #checkpoint: Checkpoint;
  readonly #nowMs: () => number;
  /** Stream id by device and inode. */
  readonly #ids = new Map<string, string>();

  constructor(checkpoint: Checkpoint, nowMs: () => number) {
    this.#checkpoint = checkpoint;
    this.#nowMs = nowMs;
    for (const [id, entry] of checkpoint.entries()) {
      const identity = readIdentity(entry.identity);
      if (identity !== undefined) this.#ids.set(`${identity.dev}:${identity.ino}`, id);
    }
  }

  /** Finds the file's entry, or makes one. */
  know(look: FileLook): KnownFile {
    const inode = `${look.dev}:${look.ino}`;
    const id = this.#ids.get(inode);
    const entry = id === undefined ? undefined : this.#checkpoint.get(id);
    if (id === undefined || entry === undefined) return this.#begin(look, 0);
    const kept = entry.identity ?? {};
    if (!this.#continues(look, entry)) {
      this.#checkpoint.delete(id);
      return { ...this.#begin(look, Number(kept['generation'] ?? 0) + 1), replaced: id };
    }
    this.#touch(id, entry);
    const readToEnd = entry.done && kept['size'] === look.size && kept['mtimeMs'] === look.mtimeMs;
    const finished = readToEnd && kept['final'] === true;
    return { id, position: entry.position, finished, readToEnd };
  }

  /** A file of no bytes: whatever was known of it is over. True when something was. */
  forget(look: FileLook): boolean {
    const id = this.#ids.get(`${look.dev}:${look.ino}`);
    if (id === undefined) return false;
    this.#ids.delete(`${look.dev}:${look.ino}`);
    const known = this.#checkpoint.get(id) !== undefined;
    this.#checkpoint.delete(id);
    return known;
  }

  /** Keeps a position. `pass` says how the file was read; with `done` it was, to the end. */
  keep(id: string, position: Position, done: boolean, pass: { look: FileLook; final: boolean }): void {
    const generation = Number(id.split('.')[1] ?? 0);
    this.#set(id, position, done, identityRecord(pass.look, pass.final, generation));
  }

  #begin(look: FileLook, generation: number): KnownFile {
    const identity = identityOf(look);
    const id = `file:${look.dev}:${look.ino}:${identity.sha256.slice(0, 16)}.${generation}`;
    this.#ids.set(`${look.dev}:${look.ino}`, id);
    this.#set(id, START, false, identityRecord(look, false, generation));
    return { id, position: START, finished: false, readToEnd: false };
  }

  #continues(look: FileLook, entry: CheckpointEntry): boolean {
    const identity = readIdentity(entry.identity);
    const size = Number(entry.identity?.['size'] ?? 0);
    return identity !== undefined && isSame(look, identity) && look.size >= size;
  }

  #set(id: string, position: Position, done: boolean, identity: JsonObject): void {
    this.#checkpoint.set(id, { position, done, seenMs: this.#nowMs(), identity });
  }

  /** Entries of files that exist must not be dropped for age. */
  #touch(id: string, entry: CheckpointEntry): void {
    const nowMs = this.#nowMs();
    if (nowMs - entry.seenMs > TOUCH_AFTER_MS) this.#checkpoint.set(id, { ...entry, seenMs: nowMs });
  }
}

function identityRecord(look: FileLook, final: boolean, generation: number): JsonObject {
  return { ...identityOf(look), path: look.path, size: look.size, mtimeMs: look.mtimeMs, final, generation };
}
