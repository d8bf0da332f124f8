import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { createBatcher, type Batch, type Batcher } from '../../src/batch.js';
import { settings } from '../../src/config/settings.js';
import { decode } from '../../src/decode.js';
import { createMapper, createValidator, mapContext } from '../../src/index.js';
import type { FaultFinder, MapContext, Mapper } from '../../src/map/mapper.js';
import type { Decoded, DecodedEvent, MappedEvent } from '../../src/record.js';
import { createReader, type Reader } from '../../src/reader.js';

/** What each stage works on: made by the one before it, of the same events. */
export interface Material {
  /** The plain files. */
  readonly paths: readonly string[];
  /** Contents of the files, in pieces as files are read. */
  readonly plain: readonly (readonly Buffer[])[];
  readonly gzipped: readonly (readonly Buffer[])[];
  readonly events: readonly DecodedEvent[];
  readonly mapped: readonly MappedEvent[];
  readonly batches: readonly Batch[];
  readonly mapper: Mapper;
  readonly validate: FaultFinder;
  readonly context: MapContext;
}

export interface Folders {
  readonly jsonl: string;
  readonly gz: string;
}

/** So many files are kept in memory, with all that is made of them. */
const FILES = 2;
const READ_BYTES = 128 * 1024;
const stream = { id: 'bench', origin: { input: 'file', path: '/var/log/cloudconnexa/events.jsonl' } };

export async function makeMaterial(folders: Folders): Promise<Material> {
  const paths = await pathsOf(folders.jsonl);
  const plain = await contentsOf(paths);
  const [mapper, validate, context] = [createMapper(), createValidator(), mapContext(new Date(), stream.origin)];
  const events: DecodedEvent[] = [];
  for (const pieces of plain)
    for await (const found of decoded(pieces))
      for (const item of found) if (item.kind === 'event') events.push({ ...item, ...ownBytes(item) });
  const mapped = events.map((event) => mapper.map(event, validate, context));
  const batches: Batch[] = [];
  batchAll({ events, mapped }, (batch) => batches.push(batch));
  const gzipped = await contentsOf(await pathsOf(folders.gz));
  return { paths, plain, gzipped, events, mapped, batches, mapper, validate, context };
}

/** The buffer that events come in is used again. */
function ownBytes({ buffer, from, to }: DecodedEvent): Pick<DecodedEvent, 'buffer' | 'from' | 'to'> {
  return { buffer: Buffer.from(buffer.subarray(from, to)), from: 0, to: to - from };
}

/** Everything that is done with a file's bytes until there are documents with their ids. */
export function read({ mapper, validate }: Material, pieces: readonly Buffer[]): ReturnType<Reader['read']> {
  const limits = {
    max_event_bytes: settings['limits.max_event_bytes'].default,
    max_expanded_bytes: settings['limits.max_expanded_bytes'].default,
    reject_store_bytes: settings['limits.reject_store_bytes'].default,
  };
  const reader = createReader({ mapper, validate, limits, clock: systemClock });
  const resume = { offset: 0, arrayDepth: 0 };
  return reader.read({ origin: stream.origin, resume, bytes: replayed(pieces), seeked: true, final: true });
}

export function decoded(pieces: readonly Buffer[]): AsyncGenerator<Decoded[]> {
  return decode(replayed(pieces), {
    ...{ resume: { offset: 0, arrayDepth: 0 }, seeked: true, final: true },
    maxEventBytes: settings['limits.max_event_bytes'].default,
    maxExpandedBytes: settings['limits.max_expanded_bytes'].default,
    rejectRawBytes: settings['limits.max_event_bytes'].default,
  });
}

/** @param onBatch may give the batch's memory back to the batcher. */
export function batchAll(
  { events, mapped }: Pick<Material, 'events' | 'mapped'>,
  onBatch: (batch: Batch, batcher: Batcher) => void,
): void {
  const batcher = createBatcher({
    maxBytes: settings['output.batch.max_bytes'].default,
    maxEvents: settings['output.batch.max_events'].default,
  });
  for (const [i, event] of mapped.entries()) {
    const closed = batcher.add(event, events[i] as DecodedEvent, stream);
    if (closed !== undefined) onBatch(closed, batcher);
  }
  const last = batcher.take();
  if (last !== undefined) onBatch(last, batcher);
}

export async function* replayed(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

async function pathsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .sort()
    .slice(0, FILES)
    .map((name) => join(folder, name));
}

function contentsOf(paths: readonly string[]): Promise<Buffer[][]> {
  return Promise.all(paths.map(async (path) => piecesOf(await readFile(path))));
}

/** As files are read. */
export function piecesOf(content: Buffer): Buffer[] {
  const count = Math.ceil(content.length / READ_BYTES);
  return Array.from({ length: count }, (_, i) => content.subarray(i * READ_BYTES, (i + 1) * READ_BYTES));
}
