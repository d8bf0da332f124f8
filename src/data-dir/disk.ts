import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { ConnectorError } from '../errors.js';

/** The content of a file; undefined when there is none. Throws CCX_DATA_DIR_UNUSABLE when it cannot be read. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusable(path, 'cannot be read', error);
  }
}

/** Makes a directory, for its owner only, where it is missing. Throws CCX_DATA_DIR_UNUSABLE. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(path, 'cannot be made', error);
  }
}

/** False when there is no such file. */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Without it a power cut can undo what was made, renamed or removed in the directory. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Whether an error of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** The error code of the system, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** What a file of data_dir is in the way with, told with the system's own words. */
export function unusable(place: string, what: string, cause: unknown): ConnectorError {
  return new ConnectorError('CCX_DATA_DIR_UNUSABLE', `${what}: ${String(cause)}`, { place, cause });
}
