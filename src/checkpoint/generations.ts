import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, readIfThere, renameIfThere, syncDirectory, unusable } from '../data-dir/disk.js';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import { parse, serialise, type Generation } from './format.js';

/** The files of a checkpoint in `dataDir`: the generation that counts, the one before, the one being written, a damaged one. */
export interface CheckpointPaths {
  readonly current: string;
  readonly previous: string;
  readonly next: string;
  readonly damaged: string;
}

export function checkpointPaths(dataDir: string): CheckpointPaths {
  const path = (name: string): string => join(dataDir, `checkpoint${name}.json`);
  return { current: path(''), previous: path('.previous'), next: path('.next'), damaged: path('.damaged') };
}

const NOTHING: Generation = { clean: false, entries: {} };

interface Found {
  readonly generation: Generation;
  /** The file it was in; undefined where nothing ever ran. */
  readonly path?: string;
  /** Files that were looked at before it and are torn or altered. */
  readonly damaged: readonly string[];
}

/**
 * The last whole generation, read only; nothing where nothing ever ran.
 * Throws CCX_CHECKPOINT_VERSION, CCX_CHECKPOINT_CORRUPT, CCX_DATA_DIR_UNUSABLE.
 */
export async function readGeneration(dataDir: string): Promise<Generation> {
  return (await find(checkpointPaths(dataDir))).generation;
}

/**
 * The last whole generation, for the one process that goes on to `store`: files are put in order first, so that the next
 * `store` cannot put a damaged one in the place of the last good one. Warns when a generation was lost. Throws as `readGeneration`.
 */
export async function takeGeneration(dataDir: string, logger: Pick<Logger, 'warn'>): Promise<Generation> {
  const paths = checkpointPaths(dataDir);
  await makeDirectory(dataDir);
  const { generation, path, damaged } = await find(paths);
  try {
    if (damaged.includes(paths.current)) await renameIfThere(paths.current, paths.damaged);
    // A crash between the two renames of `store` left it under this name, which the next `store` writes to.
    if (path === paths.next) await rename(paths.next, paths.current);
  } catch (cause) {
    throw unusable(paths.current, 'the files of the checkpoint cannot be put in order', cause);
  }
  if (path !== undefined && (damaged.length > 0 || path === paths.previous)) {
    const lost = damaged[0] ?? paths.current;
    const what = damaged.length > 0 ? 'damaged' : 'missing';
    logger.warn({ path: lost, used: path }, `the checkpoint is ${what}; the one before it is used`);
  }
  return generation;
}

/**
 * Looks for a whole generation, the newest first. A damaged `next` alone is no loss: it was never finished.
 * What came after an older generation, nobody knows: that run does not count as clean.
 */
async function find({ current, next, previous }: CheckpointPaths): Promise<Found> {
  const damaged: string[] = [];
  for (const path of [current, next, previous]) {
    const bytes = await readIfThere(path);
    if (bytes === undefined) continue;
    const generation = parse(bytes, path);
    if (generation === undefined) {
      damaged.push(path);
      continue;
    }
    const isLast = damaged.length === 0 && path !== previous;
    return { generation: isLast ? generation : { ...generation, clean: false }, path, damaged };
  }
  if (damaged.every((path) => path === next)) return { generation: NOTHING, damaged: [] };
  throw new ConnectorError('CCX_CHECKPOINT_CORRUPT', 'the checkpoint and the one before it are damaged', {
    place: current,
  });
}

/** Makes a generation the current one, durably. At every moment one whole generation is under one of the names. */
export async function store(dataDir: string, generation: Generation): Promise<void> {
  const { current, previous, next } = checkpointPaths(dataDir);
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(serialise(generation));
    await file.sync();
  } finally {
    await file.close();
  }
  await renameIfThere(current, previous);
  await rename(next, current);
  await syncDirectory(dataDir);
}
