import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
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

/** A look at a file at one time. */
export interface FileLook {
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly head: Buffer;
}

/**
 * Size, time and first bytes of a regular file; undefined when it is of another kind, which is not opened, because
 * opening a pipe waits for its writer. Throws what the system says.
 */
export async function lookAt(path: string): Promise<FileLook | undefined> {
  if (!(await stat(path)).isFile()) return undefined;
  const file = await open(path, 'r');
  try {
    const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
    const buffer = Buffer.alloc(Math.min(Number(size), FINGERPRINT_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const head = buffer.subarray(0, bytesRead);
    return { path, dev: String(dev), ino: String(ino), size: Number(size), mtimeMs: Number(mtimeNs) / 1e6, head };
  } finally {
    await file.close();
  }
}

/** Told by the magic bytes, whatever the name is. */
export function isGzipFile(look: FileLook): boolean {
  return look.head[0] === 0x1f && look.head[1] === 0x8b;
}

export function identityOf(look: FileLook): FileIdentity {
  return { dev: look.dev, ino: look.ino, length: look.head.length, sha256: sha256(look.head) };
}

/** Whether the file looked at is the one known by `identity`, possibly grown. An inode alone may have been used again. */
export function isSame(look: FileLook, identity: FileIdentity): boolean {
  return (
    look.dev === identity.dev &&
    look.ino === identity.ino &&
    look.head.length >= identity.length &&
    sha256(look.head.subarray(0, identity.length)) === identity.sha256
  );
}

/** The identity kept in a checkpoint entry, if it is one of a file. */
export function readIdentity(kept: JsonObject | undefined): FileIdentity | undefined {
  if (kept === undefined) return undefined;
  const { dev, ino, length, sha256 } = kept;
  if (typeof dev !== 'string' || typeof ino !== 'string') return undefined;
  if (typeof length !== 'number' || typeof sha256 !== 'string') return undefined;
  return { dev, ino, length, sha256 };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
