import { createHash } from 'node:crypto';
import { constants as modes, type BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import type { JsonObject } from '../record.js';

/** Enough of a file's beginning to tell it from another one: log files begin with their first event's time and id. */
const FINGERPRINT_BYTES = 1024;

/** What makes a file the same one after it was renamed, rotated or has grown. */
export interface FileIdentity {
  readonly dev: string;
  readonly ino: string;
  /** How many of the first bytes `sha256` is of. */
  readonly length: number;
  readonly sha256: string;
}

/** What the system says of a file without opening it: little, as there may be a hundred thousand of them. */
export interface FileStat {
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Changes with every change of content or name, and cannot be set; nanoseconds. */
  readonly ctimeNs: bigint;
}

/** A look at a file at one time. */
export interface FileLook extends FileStat {
  readonly head: Buffer;
}

/** Undefined for what is not a regular file. Throws what the system says. */
export async function statOf(path: string): Promise<FileStat | undefined> {
  return toStat(path, await stat(path, { bigint: true }));
}

/**
 * A file with its first bytes; undefined for what is not a regular file. Throws what the system says. It may have become a
 * pipe since it was found: opening one would wait for its writer for ever.
 */
export async function lookAt(path: string): Promise<FileLook | undefined> {
  const file = await openToRead(path);
  try {
    const found = toStat(path, await file.stat({ bigint: true }));
    return found && { ...found, head: await headOf(file, found.size) };
  } finally {
    await file.close();
  }
}

/** Never waits, whatever has got the name. */
export function openToRead(path: string): Promise<FileHandle> {
  return open(path, modes.O_RDONLY | modes.O_NONBLOCK);
}

/**
 * Whether an open file still holds what the look saw, and maybe more: not cut, emptied and written anew. What was read from
 * it before is then of one piece.
 */
export async function isUncut(file: FileHandle, look: FileLook): Promise<boolean> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  if (Number(mtimeNs) / 1e6 === look.mtimeMs) return true;
  return Number(size) >= look.size && (await headOf(file, look.head.length)).equals(look.head);
}

async function headOf(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(size, FINGERPRINT_BYTES));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

function toStat(path: string, found: BigIntStats): FileStat | undefined {
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  if (!found.isFile()) return undefined;
  return { path, dev: String(dev), ino: String(ino), size: Number(size), mtimeMs: Number(mtimeNs) / 1e6, ctimeNs };
}

/** Told by the magic bytes, whatever the name is. */
export function isGzipFile(look: FileLook): boolean {
  return look.head[0] === 0x1f && look.head[1] === 0x8b;
}

/** What the first bytes of a gzip file hold, as far as they can be read. */
export function inflatedHead({ head }: FileLook): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    // Damaged, or no gzip in spite of its first two bytes: decoding tells.
    return Buffer.alloc(0);
  }
}

export function identityOf(look: FileLook): FileIdentity {
  return { dev: look.dev, ino: look.ino, length: look.head.length, sha256: digestOf(look.head) };
}

/** Whether the file begins with the bytes `identity` is of. */
export function beginsAs({ head }: FileLook, { length, sha256 }: FileIdentity): boolean {
  return head.length >= length && digestOf(head.subarray(0, length)) === sha256;
}

/** The identity kept in a checkpoint entry, if it is one of a file. */
export function readIdentity(kept: JsonObject | undefined): FileIdentity | undefined {
  if (kept === undefined) return undefined;
  const { dev, ino, length, sha256 } = kept;
  if (typeof dev !== 'string' || typeof ino !== 'string') return undefined;
  if (typeof length !== 'number' || typeof sha256 !== 'string') return undefined;
  return { dev, ino, length, sha256 };
}

/** SHA-256, as hexadecimal digits. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
