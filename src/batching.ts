import { createBatcher, type Batch, type BatchLimits, type Batcher } from './batch.js';
import type { Clock } from './clock.js';

/**
 * A batcher with a clock: it emits a batch that is full, and one that has been open for `maxAgeMs`. While one that was emitted
 * for its age waits for its place none follows it: few events at a time would pile up as batches for as long as the cluster
 * is away.
 */
export interface Batching {
  /** As `Batcher.add`. Undefined when there was room; otherwise to be awaited before the next event: back-pressure. */
  add(...event: Parameters<Batcher['add']>): Promise<unknown> | undefined;
  /** As `Batcher.addRun`; `waiting` as `add` gives it. */
  addRun(...run: Parameters<Batcher['addRun']>): {
    readonly next: number;
    readonly waiting: Promise<unknown> | undefined;
  };
  /** As `Batcher.mark`; throws what an emission by age threw. To be awaited as `add`. */
  mark(...mark: Parameters<Batcher['mark']>): Promise<unknown> | undefined;
  /** Emits what is open. */
  flush(): Promise<void>;
  release(batch: Batch): void;
  /** Ends waiting; what is open is not emitted any more. */
  close(): void;
}

export interface BatchingOptions extends BatchLimits {
  /** How long a batch may stay open, in milliseconds. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Called in the order of the events; must take its place in the queue before it returns. Resolves when it was started. */
  emit(batch: Batch): Promise<unknown>;
}

export function createBatching(options: BatchingOptions): Batching {
  const batcher = createBatcher(options);
  let cancelTimer: (() => void) | undefined;
  let failure: { error: unknown } | undefined;
  let isWaiting = false;
  let isDue = false;

  const send = (batch: Batch | undefined): Promise<unknown> | undefined => {
    cancelTimer?.();
    cancelTimer = undefined;
    isDue = false;
    return batch && options.emit(batch);
  };
  const expire = (): void => {
    isDue = isWaiting;
    const emitted = isDue ? undefined : send(batcher.take());
    if (emitted === undefined) return;
    isWaiting = true;
    const settled = (): void => {
      isWaiting = false;
      if (isDue) expire();
    };
    // Nobody awaits a timer: its failure is thrown at the next call.
    void emitted.catch((error: unknown) => (failure = { error })).finally(settled);
  };
  const check = (): void => {
    if (failure) throw failure.error;
  };
  const startTimer = (): void => {
    cancelTimer ??= options.clock.after(options.maxAgeMs, expire);
  };

  return {
    add(event, source, stream) {
      check();
      const closed = batcher.add(event, source, stream);
      const emitted = closed && send(closed);
      startTimer();
      return emitted;
    },
    addRun(run, event, streamOf) {
      check();
      const { next, closed } = batcher.addRun(run, event, streamOf);
      const waiting = closed && send(closed);
      startTimer();
      return { next, waiting };
    },
    mark(stream, position, done) {
      check();
      const closed = batcher.mark(stream, position, done);
      const emitted = closed && send(closed);
      startTimer();
      return emitted;
    },
    async flush() {
      check();
      await send(batcher.take());
    },
    release: (batch) => batcher.release(batch),
    close() {
      cancelTimer?.();
      isDue = false;
    },
  };
}
