import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../data-dir/disk.js';
import { endOfLines } from './append.js';
import { Aside } from './aside.js';
import { ChunkedWriter } from './chunked-writer.js';
import { headerLine, recordLine } from './lines.js';
import { liveRecords, split } from './scan.js';

/** The files of the reject store: the records, the same while it is rewritten, damaged lines set aside. */
export interface RejectPaths {
  readonly directory: string;
  readonly current: string;
  readonly next: string;
  readonly damaged: string;
}

export function rejectPaths(dataDir: string): RejectPaths {
  const directory = join(dataDir, 'rejects');
  const path = (name: string): string => join(directory, `rejects${name}.jsonl`);
  return { directory, current: path(''), next: path('.next'), damaged: path('.damaged') };
}

/**
 * Writes the store anew with nothing but the records that are there, and puts it in the place of the old one in one step: a
 * crash leaves either whole. Damaged lines are set aside first. Lines that other processes append meanwhile are taken along.
 * Only for the process that holds the data_dir; `guard`, asked before the old one is replaced, throws when it does not any more.
 */
export async function compactStore(paths: RejectPaths, guard?: () => Promise<void>): Promise<void> {
  await rm(paths.next, { force: true });
  const old = await open(paths.current, 'r');
  try {
    const next = await open(paths.next, 'ax+', 0o600);
    try {
      // What another process is writing at this moment is taken along when it is whole.
      const size = await endOfLines(old, (await old.stat()).size);
      await copyLive(old, size, next, paths);
      const copied = await copyTail(old, size, next);
      await next.sync();
      await guard?.();
      await rename(paths.next, paths.current);
      await syncDirectory(paths.directory);
      // Whoever opened the old file before the rename and wrote to it after the copy.
      if ((await copyTail(old, copied, next)) > copied) await next.sync();
    } finally {
      await next.close();
    }
  } catch (error) {
    // Half a copy on a full disk would keep it full.
    await rm(paths.next, { force: true });
    throw error;
  } finally {
    await old.close();
  }
}

async function copyLive(old: FileHandle, size: number, next: FileHandle, paths: RejectPaths): Promise<void> {
  const good = new ChunkedWriter(next);
  const aside = new Aside(paths.damaged);
  try {
    await good.line(headerLine());
    for await (const { record, sealed } of liveRecords(old, paths.current, size, ({ bytes }) => aside.add(bytes)))
      await good.line(sealed ?? recordLine(record));
    await aside.end();
  } finally {
    await aside.close();
  }
  await good.end();
}

/**
 * Appends the lines of `from` behind the byte `at`. One that is not whole yet is left: whoever writes it looks afterwards
 * whether that file still is the store.
 * @returns where the last of them ends
 */
async function copyTail(from: FileHandle, at: number, to: FileHandle): Promise<number> {
  const end = Math.max(at, await endOfLines(from, (await from.stat()).size));
  const tail = new ChunkedWriter(to);
  for await (const bytes of split(from, { from: at, to: end })) if (bytes.length > 0) await tail.line(bytes);
  await tail.end();
  return end;
}
