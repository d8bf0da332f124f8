import { stat } from 'node:fs/promises';
import { ConnectorError } from '../errors.js';
import { filesBelow, glob, isPattern, type GlobFault } from './glob.js';
import { lookAt, statOf, type FileLook, type FileStat } from './identity.js';

/** A path that could not be read. */
export interface PathFault {
  readonly path: string;
  readonly message: string;
  /** The path was given as it is, not by a pattern, and does not exist. */
  readonly missing: boolean;
}

export interface Found {
  /** Oldest first, then by path; a file that is found under two names is there once. */
  readonly files: readonly FileStat[];
  readonly faults: readonly PathFault[];
  /** Patterns that match nothing, and directories without a file. */
  readonly unmatched: readonly string[];
}

/** Finds the files that paths, directories and patterns name. Faults are values: one bad file does not cost the others. */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const faults: PathFault[] = [];
  const unmatched: string[] = [];
  const names = new Map<string, boolean>();
  for (const path of paths) {
    const matches = await expand(path, faults);
    if (matches === undefined) names.set(path, true);
    else if (matches.length === 0) unmatched.push(path);
    for (const match of matches ?? []) if (!names.has(match)) names.set(match, false);
  }
  const files = new Map<string, FileStat>();
  for (const [path, explicit] of names) {
    const found = await tryStat(path, explicit, faults);
    if (found !== undefined && !files.has(`${found.dev}:${found.ino}`)) files.set(`${found.dev}:${found.ino}`, found);
  }
  return { files: [...files.values()].sort(byAge), faults, unmatched };
}

/** What a pattern matches, or a directory holds; undefined for the path of a file. */
async function expand(path: string, faults: PathFault[]): Promise<string[] | undefined> {
  const note = (fault: GlobFault): void =>
    void faults.push({ path: fault.path, message: messageOf(fault.error), missing: false });
  if (isPattern(path)) return glob(path, note);
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isDirectory ? filesBelow(path, note) : undefined;
}

/** Opens a file that was found; undefined when it is gone since, or cannot be read: then with a fault. */
export async function tryLook(path: string, faults: PathFault[]): Promise<FileLook | undefined> {
  try {
    return await lookAt(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      faults.push({ path, message: messageOf(error), missing: false });
    return undefined;
  }
}

async function tryStat(path: string, explicit: boolean, faults: PathFault[]): Promise<FileStat | undefined> {
  try {
    const found = await statOf(path);
    if (found === undefined && explicit) faults.push({ path, message: 'it is not a regular file', missing: false });
    return found;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    // What a pattern found a moment ago may be gone by now.
    if (!missing || explicit) faults.push({ path, message: messageOf(error), missing });
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function byAge(a: FileStat, b: FileStat): number {
  return a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1);
}

/** The error that ends a run over files that are not all there or not all readable. */
export function faultError(faults: readonly PathFault[]): ConnectorError | undefined {
  const first = faults.find((fault) => fault.missing) ?? faults[0];
  return first && pathFault(first, faults.length > 1 ? ` (and ${faults.length - 1} more)` : '');
}

/** A fault as an error; `others` is put behind its message. */
export function pathFault({ path, message, missing }: PathFault, others = ''): ConnectorError {
  return missing
    ? new ConnectorError('CCX_INPUT_NOT_FOUND', `does not exist${others}`, { place: path })
    : new ConnectorError('CCX_INPUT_UNREADABLE', `cannot be read: ${message}${others}`, { place: path });
}
