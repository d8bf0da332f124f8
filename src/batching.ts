import { createBatcher, type Batch, type BatchLimits, type Batcher } from './batch.js';
import type { Clock } from './clock.js';

/** A batcher with a clock: it emits a batch that is full, and one that has been open for `maxAgeMs`. */
export interface Batching {
  /** As `Batcher.add`. Undefined when there was room; otherwise to be awaited before the next event: back-pressure. */
  add(...event: Parameters<Batcher['add']>): Promise<unknown> | undefined;
  /** As `Batcher.mark`; throws what an emission by age threw. */
  mark(...mark: Parameters<Batcher['mark']>): void;
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
  /** Called in the order of the events; must take its place in the queue before it returns. */
  emit(batch: Batch): Promise<unknown>;
}

export function createBatching(options: BatchingOptions): Batching {
  const batcher = createBatcher(options);
  let cancelTimer: (() => void) | undefined;
  let failure: { error: unknown } | undefined;

  const send = (batch: Batch | undefined): Promise<unknown> | undefined => {
    cancelTimer?.();
    cancelTimer = undefined;
    return batch && options.emit(batch);
  };
  const expire = (): void => {
    // Nobody awaits a timer: its failure is thrown at the next call.
    send(batcher.take())?.catch((error: unknown) => (failure = { error }));
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
    mark(stream, position, done) {
      check();
      batcher.mark(stream, position, done);
      startTimer();
    },
    async flush() {
      check();
      await send(batcher.take());
    },
    release: (batch) => batcher.release(batch),
    close: () => cancelTimer?.(),
  };
}
