import type { StreamRef } from './batch.js';
import type { Batching } from './batching.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { decode, type DecodeOptions } from './decode.js';
import { mapContext, type FaultFinder, type Mapper } from './map/mapper.js';
import type { Decoded, InputStream } from './record.js';
import { toRejectRecord, type RejectStore } from './reject.js';
import type { Turns } from './turns.js';

export interface Reading {
  readonly config: Pick<Config, 'limits'>;
  readonly validate: FaultFinder;
  readonly mapper: Mapper;
  readonly batching: Batching;
  readonly rejects: RejectStore;
  readonly clock: Clock;
  readonly tally: { rejected: number; bytes: number };
  /** Shared by the streams of a source that are read side by side. */
  readonly turns: Turns;
  /** The stream's place in the order in which they were begun. */
  readonly rank: number;
}

/** Rejects are written when so much waits, at the latest: batches may be stuck for hours, and memory must not grow. */
const MAX_WAITING_REJECT_BYTES = 1024 * 1024;

/** Decodes, validates and maps one stream into batches, and rejects into their store, up to its end or to `signal`. */
export async function readStream(reading: Reading, stream: InputStream, signal: AbortSignal): Promise<void> {
  const { config, batching, rejects, tally } = reading;
  const { id, origin, mayBeStored = false } = stream;
  const ref: StreamRef = { id, origin, mayBeStored };
  let position = stream.resume;
  for await (const found of decode(stream.bytes, decodeOptions(stream, config.limits))) {
    await reading.turns.take(reading.rank, () => take(reading, stream, ref, found, signal));
    if (signal.aborted) return;
    if (rejects.waitingBytes > MAX_WAITING_REJECT_BYTES) await rejects.flush();
    tally.bytes += lastEnd(found) - position.offset;
    position = positionBehind(stream, found.at(-1)) ?? position;
  }
  batching.mark(ref, position, true);
}

async function take(
  { validate, mapper, batching, rejects, clock, tally }: Reading,
  stream: InputStream,
  ref: StreamRef,
  found: readonly Decoded[],
  signal: AbortSignal,
): Promise<void> {
  const now = new Date(clock.now());
  const context = mapContext(now, stream.origin);
  for (const item of found) {
    if (item.kind === 'event') {
      const waiting = batching.add(mapper.map(item, validate, context), item, ref);
      // Undefined while there is room: most events go by without giving way.
      if (waiting !== undefined) await waiting;
    } else {
      rejects.append(toRejectRecord(item, stream.origin, now.toISOString()));
      tally.rejected += 1;
      batching.mark(ref, positionBehind(stream, item) ?? item.end, false);
    }
    if (signal.aborted) return;
  }
}

/**
 * Where reading goes on behind a piece. In a plain file a last event that is cut off may only be half written: should the
 * file grow, it is read again from its start.
 */
function positionBehind({ seeked }: InputStream, item: Decoded | undefined): Decoded['end'] | undefined {
  if (item?.kind !== 'reject' || item.reason !== 'truncated' || !seeked) return item?.end;
  return { offset: item.start, arrayDepth: item.end.arrayDepth };
}

function lastEnd(found: readonly Decoded[]): number {
  return found.at(-1)?.end.offset ?? 0;
}

function decodeOptions(stream: InputStream, limits: Config['limits']): DecodeOptions {
  return {
    resume: stream.resume,
    seeked: stream.seeked,
    final: stream.final,
    maxEventBytes: limits.max_event_bytes,
    maxExpandedBytes: limits.max_expanded_bytes,
    rejectRawBytes: limits.max_event_bytes,
  };
}
