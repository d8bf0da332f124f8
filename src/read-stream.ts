import type { StreamRef } from './batch.js';
import type { Batching } from './batching.js';
import type { Clock } from './clock.js';
import { idTime } from './map/id.js';
import type { InputStream, Position } from './record.js';
import type { Reader, ReadPiece } from './reader.js';
import { toRejectRecord, type RejectStore } from './reject.js';
import type { Turns } from './turns.js';

export interface Reading {
  readonly reader: Reader;
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

/**
 * Events older than this may be stored already, whatever their source knows: an object written anew, a compressed copy of a
 * file, a message moved back from a dead-letter queue. Log Streaming delivers within minutes, so most are younger. The same
 * goes for events from so far ahead: then it is this machine's clock that is behind, and does not tell what is old.
 */
const FRESH_MS = 60 * 60 * 1000;

/** Reads one stream into batches, and rejects into their store, up to its end or to `signal`. */
export async function readStream(reading: Reading, stream: InputStream, signal: AbortSignal): Promise<void> {
  const { reader, batching, rejects, tally } = reading;
  const refs = refsOf(stream);
  let position = stream.resume;
  for await (const found of reader.read(stream)) {
    await reading.turns.take(reading.rank, () => take(reading, stream, refs, found, signal));
    if (signal.aborted) return;
    if (rejects.waitingBytes > MAX_WAITING_REJECT_BYTES) await rejects.flush();
    tally.bytes += lastEnd(found) - position.offset;
    position = positionBehind(found.at(-1)) ?? position;
  }
  await batching.mark(refs.fresh, position, true);
}

/** The same stream, for events that are in doubt only when the stream is, and for others. */
interface Refs {
  readonly fresh: StreamRef;
  readonly old: StreamRef;
}

function refsOf(stream: InputStream): Refs {
  const { id, origin } = stream;
  return {
    fresh: {
      id,
      origin,
      // Asked for at each try: while events wait for the cluster, their message may become another connector's.
      get mayBeStored() {
        return stream.mayBeStored === true;
      },
    },
    old: { id, origin, mayBeStored: true },
  };
}

async function take(
  { batching, rejects, clock, tally }: Reading,
  stream: InputStream,
  refs: Refs,
  found: readonly ReadPiece[],
  signal: AbortSignal,
): Promise<void> {
  const now = new Date(clock.now());
  const [from, to] = [Math.max(0, now.getTime() - FRESH_MS), now.getTime() + FRESH_MS];
  const streamOf = (time: number): StreamRef => (time >= from && time < to ? refs.fresh : refs.old);
  for (const item of found) {
    if (item.kind === 'run') {
      for (let event = 0; event < item.count;) {
        const { next, waiting } = batching.addRun(item, event, streamOf);
        event = next;
        if (waiting !== undefined) await waiting;
        if (signal.aborted) return;
      }
    } else if (item.kind === 'event') {
      const { event, source } = item;
      const waiting = batching.add(event, source, streamOf(idTime(event.id)));
      // Undefined while there is room: most events go by without giving way.
      if (waiting !== undefined) await waiting;
    } else {
      rejects.append(toRejectRecord(item, stream.origin, now.toISOString()));
      tally.rejected += 1;
      const waiting = batching.mark(refs.fresh, positionBehind(item) ?? item.end, false);
      if (waiting !== undefined) await waiting;
    }
    if (signal.aborted) return;
  }
}

/**
 * Where reading goes on behind a piece. A last event that is cut off may only be half written, in a gzipped file, too: should
 * the file grow, it is read again from its start.
 */
function positionBehind(item: ReadPiece | undefined): Position | undefined {
  if (item?.kind === 'event') return item.source.end;
  if (item?.kind !== 'reject' || item.reason !== 'truncated') return item?.end;
  return { offset: item.start, arrayDepth: item.end.arrayDepth };
}

function lastEnd(found: readonly ReadPiece[]): number {
  const last = found.at(-1);
  return (last?.kind === 'event' ? last.source.end : last?.end)?.offset ?? 0;
}
