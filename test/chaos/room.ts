import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Keeper } from './keeper.js';

const run = promisify(execFile);
const SIZE_MIB = 64;

/** The disk below data_dir, which can be made full. */
export interface Room {
  fill(): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** A small file system of its own where mounting is allowed; else the shell's limit of file sizes, which takes a restart. */
export async function makeRoom(path: string, keeper: () => Keeper): Promise<Room> {
  await mkdir(path, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'none', path]);
    return mounted(path);
  } catch {
    return limited(keeper);
  }
}

function mounted(path: string): Room {
  const filler = join(path, 'filler');
  let isMounted = true;
  const empty = (): Promise<void> => rm(filler, { force: true });
  return {
    empty,
    async fill() {
      // It would fill the disk of this machine.
      if (!isMounted) return;
      const file = await open(filler, 'w');
      try {
        // Whole blocks first, then what is left of the last one.
        for (const size of [1024 * 1024, 4096]) {
          const block = Buffer.alloc(size);
          for (;;)
            if (
              !(await file.write(block).then(
                ({ bytesWritten }) => bytesWritten === size,
                () => false,
              ))
            )
              break;
        }
      } finally {
        await file.close();
      }
    },
    async close() {
      isMounted = false;
      await empty();
      await run('umount', ['-l', path]);
    },
  };
}

function limited(keeper: () => Keeper): Room {
  const limit = async (limits: string): Promise<void> => {
    keeper().limits = limits;
    await keeper().end('SIGKILL');
  };
  return {
    fill: () => limit('ulimit -f 0'),
    empty: () => limit(''),
    close: () => Promise.resolve(),
  };
}
