import { createBatcher, type Batch } from './batch.js';
import type { Config } from './config.js';
import type { Sender } from './deliver.js';
import { mapContext, type FaultFinder, type Mapper } from './map/mapper.js';
import type { JsonObject, RejectRecord } from './record.js';
import type { RejectStore } from './reject.js';

export interface ReplayStages {
  readonly config: Pick<Config, 'output'>;
  readonly validate: FaultFinder;
  readonly mapper: Mapper;
  readonly sender: Sender;
  readonly rejects: RejectStore;
}

/** What became of the records of the reject store; all are counts. */
export interface ReplaySummary {
  /** Stored now, or found to be stored: gone from the reject store. */
  readonly stored: number;
  /** Refused again, for the reasons given: still in the store. */
  readonly refused: number;
  /** No event can be made of them; kept for a person to look at. */
  readonly unreadable: number;
  /** Lines of the store that are torn or altered: nobody knows what they were. */
  readonly damaged: number;
}

/**
 * Sends rejected events again, through the same mapping and delivery as at first: they get the same ids. Records are
 * taken out of the store when their batch is stored. Ends early when `signal` fires; then the rest stays.
 */
export async function replay(
  { config, validate, mapper, sender, rejects }: ReplayStages,
  signal: AbortSignal,
  refusal: (record: string, reason: string) => void,
): Promise<ReplaySummary> {
  const tally = { stored: 0, refused: 0, unreadable: 0, damaged: 0 };
  const { max_bytes: maxBytes, max_events: maxEvents } = config.output.batch;
  const batcher = createBatcher({ maxBytes, maxEvents });

  for await (const record of rejects.read(() => (tally.damaged += 1))) {
    if (signal.aborted) return tally;
    const event = eventOf(record);
    if (event === undefined) {
      tally.unreadable += 1;
      continue;
    }
    const mapped = mapper.map(event, validate, mapContext(new Date(), record.origin));
    const position = { offset: record.position, arrayDepth: 0 };
    // Each record is its own stream, so that an item of a batch leads back to it. A replay that was killed may have
    // stored its event without taking it out of the reject store.
    const full = batcher.add(
      mapped,
      { buffer: event.bytes, from: 0, to: event.bytes.length, start: record.position, end: position },
      { id: record.id, origin: record.origin, mayBeStored: true },
    );
    await send(full);
  }
  await send(batcher.take());
  return tally;

  async function send(batch: Batch | undefined): Promise<void> {
    if (batch === undefined) return;
    const result = await sender.deliver(batch, signal);
    const left = new Set(result.unfinished);
    for (const { item, reason } of result.rejected) {
      left.add(item);
      tally.refused += 1;
      refusal(batch.streams[item]?.id ?? '', reason);
    }
    const stored = batch.streams.filter((_, item) => !left.has(item)).map(({ id }) => id);
    await rejects.remove(stored);
    tally.stored += stored.length;
    batcher.release(batch);
  }
}

interface Replayed {
  readonly text: string;
  readonly value: JsonObject;
  readonly rawText?: string;
  readonly bytes: Buffer;
}

/** The event in a record, as decoding would have given it; undefined when what was kept is no JSON object. */
function eventOf({ event, raw_base64: raw }: RejectRecord): Replayed | undefined {
  const bytes = raw === undefined ? Buffer.from(event ?? '') : Buffer.from(raw, 'base64');
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const rawText = raw === undefined ? {} : { rawText: bytes.toString('latin1') };
    return { text, value: value as JsonObject, bytes, ...rawText };
  } catch {
    return undefined;
  }
}
