/** Time as the stages see it, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970, as the machine's clock has it: it may be set, by years, forward and back. For labels only. */
  now(): number;
  /**
   * Milliseconds since 1970 as they were when the process began, and going on evenly from there, whatever is done to the
   * machine's clock: for everything that is waited for, and for ages.
   */
  steady(): number;
  /** Calls `fire` once after `ms`; the function it returns cancels that. */
  after(ms: number, fire: () => void): () => void;
}

// Node fires a longer timer at once.
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

/** Waits `ms`, or until `signal` fires: then at once, with false. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const stop = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
