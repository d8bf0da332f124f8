import { createBatching } from './batching.js';
import type { Batch } from './batch.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Sender } from './deliver.js';
import { ConnectorError } from './errors.js';
import { createInOrder } from './in-order.js';
import type { Logger } from './log.js';
import { readStream } from './read-stream.js';
import type { Reader } from './reader.js';
import type { InputStream, RejectRecord, Source } from './record.js';
import { refusedRecord } from './reject/refused.js';
import type { RejectStore } from './reject.js';
import { createTurns, type Turns } from './turns.js';

/** The stages of a run, made by `connector.ts`; tests put in their own. */
export interface Stages {
  readonly config: Pick<Config, 'output' | 'shutdown_timeout_s'>;
  readonly sources: readonly Source[];
  readonly reader: Reader;
  readonly sender: Sender;
  readonly rejects: RejectStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a run has done; all are counts of events. */
export interface RunSummary {
  /** Stored by this run. */
  readonly indexed: number;
  /** Found to be stored already. */
  readonly duplicates: number;
  /** In the reject store. */
  readonly rejected: number;
  /** Left undone by a stop; the next run reads them again. */
  readonly unfinished: number;
}

/** What is left of a batch when its delivery has ended: its bytes are given back, though its place in the order may be far. */
interface Delivered {
  readonly isFinished: boolean;
  readonly marks: Batch['marks'];
  readonly refused: readonly RejectRecord[];
}

/** How far a run has come. */
export interface RunProgress extends RunSummary {
  /** Decompressed bytes decoded. */
  readonly bytes: number;
}

/**
 * The dataflow: every source is read, decoded, validated, mapped and put into batches; batches are sent a few at a time;
 * in the order in which they were made they are finished: rejects made durable, then positions acknowledged.
 * Ends when the sources do, or when `signal` fires: then what is under way is finished within the configured time.
 *
 * @throws what a source or the disk throws; nothing that is not finished was acknowledged then.
 */
export async function run(
  stages: Stages,
  signal: AbortSignal,
  observe?: (progress: RunProgress) => void,
): Promise<RunSummary> {
  const { config, sources, sender, clock, log } = stages;
  const { output } = config;
  const tally = { indexed: 0, duplicates: 0, rejected: 0, unfinished: 0, bytes: 0 };
  const sourceOf = new Map<string, Source>();
  let begun = 0;
  const stop = new AbortController();
  const stopping = AbortSignal.any([signal, stop.signal]);

  const queue = createInOrder<Delivered>({
    limit: () => sender.pace.inFlight,
    onFull: () => sender.pace.pressed(),
    isFinished: (delivered) => delivered.isFinished,
    onDone: finish,
  });
  const batching = createBatching({
    maxBytes: output.batch.max_bytes,
    targetBytes: () => sender.pace.batchBytes,
    maxEvents: output.batch.max_events,
    maxAgeMs: output.batch.max_age_s * 1000,
    clock,
    emit: (batch) => queue.push(() => send(batch)),
  });

  async function send(batch: Batch): Promise<Delivered> {
    const { indexed, duplicates, unfinished, rejected } = await sender.deliver(batch, stopping);
    tally.indexed += indexed;
    tally.duplicates += duplicates;
    tally.unfinished += unfinished.length;
    const time = new Date(clock.now()).toISOString();
    const refused = rejected.map((item) => refusedRecord(batch, item, time));
    batching.release(batch);
    return { isFinished: unfinished.length === 0, marks: batch.marks, refused };
  }

  /** A failure of the disk ends the run at once: nobody may come by for hours to meet it otherwise. */
  async function finish(delivered: Delivered): Promise<void> {
    try {
      await settle(delivered);
    } catch (error) {
      stop.abort();
      throw error;
    }
  }

  async function settle({ marks, refused }: Delivered): Promise<void> {
    stages.rejects.append(...refused);
    // Durable before the position moves past it; also what decoding rejected before this batch was closed.
    await stages.rejects.flush();
    for (const [id, { position, done }] of marks) {
      await sourceOf.get(id)?.ack(id, position, done);
      if (done) sourceOf.delete(id);
    }
    tally.rejected += refused.length;
    observe?.({ ...tally });
  }

  /** Reads the streams of a source, as many side by side as it wants. */
  async function readSource(source: Source): Promise<void> {
    const streams = source.streams(stopping)[Symbol.asyncIterator]();
    const turns = createTurns();
    const readers = Array.from({ length: source.parallel ?? 1 }, () =>
      readStreams(source, streams, turns).catch(failed),
    );
    throwFirst(await Promise.allSettled(readers));
  }

  async function readStreams(source: Source, streams: AsyncIterator<InputStream>, turns: Turns): Promise<void> {
    let unreadable: ConnectorError | undefined;
    for (let stream = await nextOf(streams); stream !== undefined; stream = await nextOf(streams)) {
      sourceOf.set(stream.id, source);
      try {
        await readStream({ ...stages, batching, tally, turns, rank: (begun += 1) }, stream, stopping);
      } catch (error) {
        // How bytes end that wait for a server while all is stopped.
        if (stopping.aborted && error === stopping.reason) return;
        if (!isOfInput(error)) throw error;
        if (stream.retried === true) {
          sourceOf.delete(stream.id);
          continue;
        }
        // A stream that can't be read to its end costs itself only: the others are read, and the failure is told at the end.
        log.error({ place: error.place, code: error.code }, error.message);
        unreadable ??= error;
      }
    }
    if (unreadable !== undefined) throw unreadable;
  }

  // Watched from the start: a reader may be waiting for the very request that gets no answer.
  const unwatch = abortLate(sender, stopping, config.shutdown_timeout_s);
  const readers = await Promise.allSettled(sources.map(readSource));
  try {
    if (!stopping.aborted) await batching.flush();
    await queue.drain();
  } finally {
    batching.close();
    unwatch();
  }
  throwFirst(readers);
  const { indexed, duplicates, rejected, unfinished } = tally;
  return { indexed, duplicates, rejected, unfinished };

  /** An input may end in a failure while others go on for months: it is told at once. */
  async function nextOf(streams: AsyncIterator<InputStream>): Promise<InputStream | undefined> {
    try {
      const next = await streams.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      if (isOfInput(error)) log.error({ code: error.code, place: error.place, fix: error.remedy }, error.message);
      throw error;
    }
  }

  /** An input that cannot be read leaves the others going; any other failure (a full disk, say) stops them all. */
  function failed(error: unknown): never {
    if (!isOfInput(error)) stop.abort();
    throw error;
  }
}

/** The codes of failures that concern one input, or one stream of it. */
function isOfInput(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && /^CCX_INPUT_/.test(error.code);
}

/** What stops everything is told rather than what concerns one input. */
function throwFirst(results: readonly PromiseSettledResult<void>[]): void {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (reasons.length > 0) throw reasons.find((reason) => !isOfInput(reason)) ?? reasons[0];
}

/**
 * After a stop, requests under way have a bounded time to end; without one, they have all the time they need.
 * @returns ends the watch.
 */
function abortLate(sender: Sender, stopping: AbortSignal, seconds: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => sender.abort(), seconds * 1000);
  };
  if (stopping.aborted) start();
  else stopping.addEventListener('abort', start, { once: true });
  return () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', start);
  };
}
