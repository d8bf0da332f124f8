import { open, type FileHandle } from 'node:fs/promises';
import { isMissing, unusable } from '../data-dir/disk.js';
import type { RejectMark } from '../record.js';
import { parseLine, type RejectLine } from './lines.js';

const NEWLINE = 10;
/** The first line of a store that has a header is shorter. */
const HEADER_BYTES = 4096;

/** The first line of an open store; undefined when it is long, and so no header, or not whole. Throws CCX_REJECT_VERSION. */
export async function firstLine(file: FileHandle, path: string): Promise<RejectLine | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
  return end > 0 ? parseLine(buffer.subarray(0, end), path) : undefined;
}

/** The mark of an open store as it is now; undefined for a file without a name. Throws CCX_REJECT_VERSION. */
export async function markOf(file: FileHandle, path: string): Promise<RejectMark | undefined> {
  const name = await nameOf(file, path);
  return name === undefined ? undefined : { file: name, bytes: (await file.stat()).size };
}

/**
 * How many bytes of what `mark` says was on disk are not there any more; 0 for a file that was written anew since, which may be shorter,
 * and when nothing is known. Throws CCX_REJECT_VERSION, CCX_DATA_DIR_UNUSABLE.
 */
export async function missingBytes(path: string, mark: RejectMark | undefined): Promise<number> {
  if (mark === undefined) return 0;
  const file = await openToRead(path);
  if (file === undefined) return mark.bytes;
  try {
    return await missingIn(file, path, mark);
  } finally {
    await file.close();
  }
}

/** The same of an open store. Throws CCX_REJECT_VERSION. */
export async function missingIn(file: FileHandle, path: string, mark: RejectMark | undefined): Promise<number> {
  if (mark === undefined) return 0;
  const name = await nameOf(file, path);
  return name === undefined || name === mark.file ? Math.max(0, mark.bytes - (await file.stat()).size) : 0;
}

/** The store as it is; undefined when there is none. Throws CCX_DATA_DIR_UNUSABLE. */
export async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusable(path, 'cannot be read', error);
  }
}

async function nameOf(file: FileHandle, path: string): Promise<string | undefined> {
  const line = await firstLine(file, path);
  return line?.kind === 'header' ? line.file : undefined;
}
