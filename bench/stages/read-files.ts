import { rm } from 'node:fs/promises';
import { openCheckpoint } from '../../src/checkpoint.js';
import { fileSource } from '../../src/source/file.js';

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Reads files as an input of type `file` does. @param folder for the positions; removed afterwards. */
export async function readFiles(paths: readonly string[], folder: string): Promise<void> {
  const checkpoint = await openCheckpoint(folder, { logger: silent });
  const config = { type: 'file', paths, poll_interval_s: 10 } as const;
  const source = fileSource(config, { once: true, checkpoint, logger: silent });
  let bytes = 0;
  for await (const stream of source.streams(new AbortController().signal))
    for await (const piece of stream.bytes) bytes += piece.length;
  if (bytes === 0) throw new Error('nothing was read');
  await source.close();
  await checkpoint.close();
  await rm(folder, { recursive: true, force: true });
}

function ignore(): void {
  // The bench has no use for it.
}
