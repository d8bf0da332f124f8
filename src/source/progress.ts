import type { Checkpoint, CheckpointEntry, NewEntry } from '../checkpoint.js';
import type { JsonObject, Position } from '../record.js';
import { Beginnings } from './beginnings.js';
import { beginsAs, identityOf, readIdentity, type FileIdentity, type FileLook } from './identity.js';

const START: Position = { offset: 0, arrayDepth: 0 };

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
  /** Stream id by inode and path, of what runs before this one read: the system may have given the device another number. */
  readonly #before = new Map<string, string>();
  readonly #beginnings = new Beginnings();

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
    for (const [id, entry] of checkpoint.entries()) {
      const identity = readIdentity(entry.identity);
      if (identity === undefined) continue;
      this.#ids.set(`${identity.dev}:${identity.ino}`, id);
      const path = entry.identity?.['path'];
      if (typeof path === 'string') this.#before.set(`${identity.ino}:${path}`, id);
      this.#beginnings.add(identity, id);
    }
  }

  /** Finds the file's entry, or makes one. `isOld`: a run before this one may have read the file. */
  know(look: FileLook, isOld: boolean): KnownFile {
    const inode = `${look.dev}:${look.ino}`;
    const id = this.#ids.get(inode);
    const entry = id === undefined ? undefined : this.#checkpoint.get(id);
    if (id !== undefined && entry !== undefined && this.#continues(look, entry)) return this.#goOn(look, id, entry);
    const idBefore = this.#before.get(`${look.ino}:${look.path}`);
    const before = idBefore === undefined ? undefined : this.#checkpoint.get(idBefore);
    // Before the inode's own entry counts as replaced: when devices exchange their numbers, that is another file's, yet to come.
    if (idBefore !== undefined && before !== undefined && this.#continues(look, before))
      return this.#goOn(look, this.#move(look, idBefore, before), before);
    if (id !== undefined && entry !== undefined) {
      this.#checkpoint.delete(id);
      return { ...this.#begin(look, generationOf(entry) + 1, true), replaced: id };
    }
    const wasEmptied = this.#emptied.delete(inode);
    const mayBeRead = isOld && !this.#checkpoint.clean;
    const unsure = wasEmptied || mayBeRead || before !== undefined || this.#beginnings.isCopy(look);
    return this.#begin(look, 0, unsure);
  }

  /** To be called after the first look: a file that comes later with the inode and path of another one is not that one. */
  endFirstLook(): void {
    this.#before.clear();
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
    this.#beginnings.add(identityOf(pass.look), id);
    this.#set(id, { position, done, unsure, identity: identityRecord(pass.look, pass.final, generation) });
  }

  /** Notes that more was read of a stream than will be acknowledged. */
  doubt(id: string): void {
    const entry = this.#checkpoint.get(id);
    if (entry !== undefined) this.#checkpoint.set(id, { ...entry, unsure: true });
  }

  /** Reading goes on from the entry. */
  #goOn(look: FileLook, id: string, entry: CheckpointEntry): KnownFile {
    const kept = entry.identity ?? {};
    const readToEnd = entry.done && kept['size'] === look.size && kept['mtimeMs'] === look.mtimeMs;
    const finished = readToEnd && kept['final'] === true;
    let unsure = entry.unsure === true;
    // A file that was seen while it was short may show only now what it is a copy of.
    if (!unsure && look.head.length > Number(kept['length']) && this.#beginnings.isCopy(look, id)) {
      this.doubt(id);
      unsure = true;
    }
    return { id, position: entry.position, finished, readToEnd, unsure };
  }

  /** Gives an entry to the same file under another device number, and returns the entry's new id. */
  #move(look: FileLook, oldId: string, { identity = {}, ...entry }: CheckpointEntry): string {
    const { dev } = look;
    const moved = { ...identityOf(look), ...identity, dev };
    const id = streamId(moved, generationOf({ identity }));
    this.#checkpoint.delete(oldId);
    this.#checkpoint.set(id, { ...entry, identity: moved });
    this.#ids.set(`${dev}:${look.ino}`, id);
    this.#beginnings.add(moved, id);
    return id;
  }

  #begin(look: FileLook, generation: number, unsure: boolean): KnownFile {
    const identity = identityOf(look);
    const id = streamId(identity, generation);
    this.#beginnings.add(identity, id);
    this.#ids.set(`${look.dev}:${look.ino}`, id);
    this.#set(id, { position: START, done: false, unsure, identity: identityRecord(look, false, generation) });
    return { id, position: START, finished: false, readToEnd: false, unsure };
  }

  #continues(look: FileLook, entry: CheckpointEntry): boolean {
    const identity = readIdentity(entry.identity);
    const size = Number(entry.identity?.['size'] ?? 0);
    return identity !== undefined && beginsAs(look, identity) && look.size >= size;
  }

  #set(id: string, { unsure = false, ...entry }: NewEntry): void {
    this.#checkpoint.set(id, { ...entry, ...(unsure && { unsure }) });
  }
}

function streamId({ dev, ino, sha256 }: FileIdentity, generation: number): string {
  return `file:${dev}:${ino}:${sha256.slice(0, 16)}.${generation}`;
}

/** How often the file was cut or written anew. */
function generationOf({ identity }: Pick<CheckpointEntry, 'identity'>): number {
  return Number(identity?.['generation'] ?? 0);
}

function identityRecord(look: FileLook, final: boolean, generation: number): JsonObject {
  return { ...identityOf(look), path: look.path, size: look.size, mtimeMs: look.mtimeMs, final, generation };
}
