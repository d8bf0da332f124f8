import { join } from 'node:path';
import { openCheckpoint, type Checkpoint } from '../../src/checkpoint.js';
import { systemClock, type Clock } from '../../src/clock.js';
import type { S3InputConfig } from '../../src/config.js';
import type { InputStream, Position, Source } from '../../src/record.js';
import { s3Source } from '../../src/source/s3.js';
import { keepLog, type LogLine } from './sending.js';

export interface ReadOptions {
  readonly config: S3InputConfig;
  /** Holds the checkpoint. */
  readonly folder: string;
  /** Absent: with `once`. */
  readonly stop?: AbortSignal;
  readonly clock?: Clock;
  /** Called with each object that was read; true: it is not acknowledged. */
  readonly onRead?: (key: string, text: string) => unknown;
  /** Acknowledged of each object before `onRead`. */
  readonly ackAt?: Position;
  /** The process is killed at the end: nothing more gets to the disk. */
  readonly kill?: boolean;
}

export interface ReadResult {
  /** Texts of the objects read to their end, by key, in the order of their ends. */
  readonly read: [key: string, text: string][];
  readonly streams: InputStream[];
  readonly lines: LogLine[];
  /** What `streams` threw. */
  readonly error: unknown;
}

/** Reads a bucket as a run does, `parallel` objects side by side, each acknowledged when it was read. */
export async function readBucket(options: ReadOptions): Promise<ReadResult> {
  const { config, folder, stop = new AbortController().signal, clock = systemClock } = options;
  const { log, lines } = keepLog();
  const checkpoint = await openCheckpoint(folder, { logger: log, writeDelayMs: options.kill === true ? 1e9 : 50 });
  await checkpoint.begin();
  const retry = { initialMs: 20, factor: 2, maxMs: 100, holdMs: 0, maxRetryAfterMs: 0, maxTries: Infinity };
  const source = s3Source(config, { once: options.stop === undefined, checkpoint, logger: log, clock, retry });
  const result: { read: [string, string][]; streams: InputStream[] } = { read: [], streams: [] };
  const iterator = source.streams(stop)[Symbol.asyncIterator]();
  const readers = Array.from({ length: source.parallel ?? 1 }, () => readOn(iterator, source, options, result));
  const ends = await Promise.allSettled(readers);
  await end(source, checkpoint, options);
  const error: unknown = ends.find((one) => one.status === 'rejected')?.reason;
  return { ...result, lines, error };
}

async function readOn(
  iterator: AsyncIterator<InputStream>,
  source: Source,
  { onRead, ackAt }: ReadOptions,
  { read, streams }: Pick<ReadResult, 'read' | 'streams'>,
): Promise<void> {
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const stream = next.value;
    streams.push(stream);
    const text = await textOf(stream).catch(() => undefined);
    if (text === undefined) continue;
    const key = stream.origin.key ?? '';
    read.push([key, text]);
    if (ackAt !== undefined) await source.ack(stream.id, ackAt, false);
    if ((await onRead?.(key, text)) === true) continue;
    await source.ack(stream.id, { offset: text.length, arrayDepth: 0 }, true);
  }
}

async function textOf(stream: InputStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.bytes) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function end(source: Source, checkpoint: Checkpoint, { kill = false }: ReadOptions): Promise<void> {
  await source.close();
  if (kill) return;
  checkpoint.finish();
  await checkpoint.close();
}

export const checkpointFile = (folder: string): string => join(folder, 'checkpoint.json');
