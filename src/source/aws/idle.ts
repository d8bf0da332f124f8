import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.js';

interface Watch {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A half-open connection says nothing for ever: this is what ends the wait for it. */
function silence(ms: number): Error {
  return Object.assign(new Error(`nothing came for ${ms} ms`), { code: 'ETIMEDOUT' });
}

/** Does `work`, whose signal fires with `signal`, or when it is not done after `ms`: then ETIMEDOUT is thrown. */
export async function withinTime<T>(
  ms: number,
  { signal, clock }: Watch,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  let late = false;
  const stop = (): void => own.abort();
  const cancel = clock.after(ms, () => {
    late = true;
    own.abort();
  });
  // Not AbortSignal.any: a run's signal lives for months and would keep something of every request.
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await work(own.signal);
  } catch (error) {
    throw late ? silence(ms) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    cancel();
  }
}

/**
 * The stream's chunks; throws ETIMEDOUT when one is waited for longer than `ms`, and what `destroy` gives when `signal` fires.
 * The stream is destroyed in every case, and with it its connection when not all of it was read.
 */
export async function* untilIdle(body: Readable, ms: number, { signal, clock }: Watch): AsyncGenerator<Buffer> {
  const stop = (): void => void body.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    if (signal.aborted) stop();
    for (;;) {
      // Only while waiting: a consumer may take hours, and its socket is silent for that time.
      const cancel = clock.after(ms, () => void body.destroy(silence(ms)));
      const step = await chunks.next().finally(cancel);
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    body.destroy();
  }
}
