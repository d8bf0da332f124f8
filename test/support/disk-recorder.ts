import files, { readdir, readFile, type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join, sep } from 'node:path';

export interface FoundFile {
  readonly path: string;
  readonly file: number;
  readonly bytes: Buffer;
}

/** A change that was made to a folder, in the order in which it was made; `file` numbers what a name stands for. */
export type DiskStep =
  /** What was there, and on disk, before. */
  | { readonly kind: 'found'; readonly folders: readonly string[]; readonly contents: readonly FoundFile[] }
  | { readonly kind: 'make'; readonly path: string }
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'truncate'; readonly path: string; readonly file: number }
  | { readonly kind: 'write'; readonly path: string; readonly file: number; readonly bytes: Buffer }
  | { readonly kind: 'sync'; readonly path: string; readonly file: number | undefined }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string; readonly file: number }
  | { readonly kind: 'remove'; readonly path: string }
  /** The program has said that so much is done. */
  | { readonly kind: 'said'; readonly what: string };

/** Says, between the steps, what the program has acknowledged. */
export type Say = (what: string) => void;

/**
 * Does `work`, and writes down what it does to the disk in `folder`, beginning with what is there, which is synced. Everything is really
 * done. Known are the calls that positions and rejects are written with: open, write and writeFile (one after the other, at the end),
 * sync, rename, rm, mkdir.
 */
export async function recordDisk(folder: string, work: (say: Say) => Promise<void>): Promise<DiskStep[]> {
  const { open, rename, rm, mkdir } = files;
  const steps: DiskStep[] = [];
  const names = new Map<string, number>();
  let count = 0;
  const isWatched = (path: string): boolean => path.startsWith(folder + sep);

  async function found(): Promise<DiskStep> {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const paths = (isFolder: boolean): string[] =>
      entries.filter((entry) => entry.isDirectory() === isFolder).map(({ parentPath, name }) => join(parentPath, name));
    const read = async (path: string): Promise<FoundFile> => ({ path, file: fresh(path), bytes: await readFile(path) });
    return { kind: 'found', folders: paths(true), contents: await Promise.all(paths(false).map(read)) };
  }
  function opened(path: string, flags: string, handle: FileHandle): FileHandle {
    if (flags !== 'r' && !names.has(path)) steps.push({ kind: 'create', path, file: fresh(path) });
    else if (flags.startsWith('w')) steps.push({ kind: 'truncate', path, file: fileAt(path) });
    return watched(path, names.get(path), handle);
  }
  function fresh(path: string): number {
    names.set(path, (count += 1));
    return count;
  }
  function fileAt(path: string): number {
    const file = names.get(path);
    if (file === undefined) throw new Error(`nobody has made ${path}`);
    return file;
  }
  function watched(path: string, file: number | undefined, handle: FileHandle): FileHandle {
    const write = handle.write.bind(handle) as (bytes: Buffer) => Promise<{ bytesWritten: number }>;
    const [writeFile, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)];
    const wrote = (bytes: Buffer): void => void steps.push({ kind: 'write', path, file: file ?? NaN, bytes });
    return Object.assign(handle, {
      write: async (bytes: Buffer) => {
        const { bytesWritten } = await write(bytes);
        wrote(bytes.subarray(0, bytesWritten));
        return { bytesWritten };
      },
      writeFile: async (text: string) => {
        await writeFile(text);
        wrote(Buffer.from(text));
      },
      sync: async () => {
        await sync();
        steps.push({ kind: 'sync', path, file });
      },
    });
  }

  const recorded = {
    open: async (path: string, flags = 'r', mode?: number) => {
      const handle = await open(path, flags, mode);
      return path === folder || isWatched(path) ? opened(path, flags, handle) : handle;
    },
    rename: async (path: string, to: string) => {
      await rename(path, to);
      if (!isWatched(path)) return;
      const file = fileAt(path);
      names.delete(path);
      names.set(to, file);
      steps.push({ kind: 'rename', path, to, file });
    },
    rm: async (path: string, options?: object) => {
      await rm(path, options);
      if (names.delete(path)) steps.push({ kind: 'remove', path });
    },
    mkdir: async (path: string, options: object) => {
      const made = await mkdir(path, options);
      if (made !== undefined && isWatched(path)) steps.push({ kind: 'make', path });
      return made;
    },
  };
  await mkdir(folder, { recursive: true });
  steps.push(await found());
  try {
    Object.assign(files, recorded);
    syncBuiltinESMExports();
    await work((what) => void steps.push({ kind: 'said', what }));
  } finally {
    Object.assign(files, { open, rename, rm, mkdir });
    syncBuiltinESMExports();
  }
  return steps;
}
