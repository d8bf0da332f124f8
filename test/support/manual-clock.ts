import type { Clock } from '../../src/clock.js';

/** A clock that stands still until it is told to go on. */
export function manualClock(start = 0): {
  clock: Clock;
  advance: (ms: number) => void;
  pending: () => number;
} {
  let now = start;
  let timers: { at: number; fire: () => void }[] = [];
  const due = (until: number): { at: number; fire: () => void } | undefined =>
    timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    clock: {
      now: () => now,
      after(ms, fire) {
        const timer = { at: now + ms, fire };
        timers.push(timer);
        return () => void (timers = timers.filter((one) => one !== timer));
      },
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = due(until); timer; timer = due(until)) {
        now = timer.at;
        timers = timers.filter((one) => one !== timer);
        timer.fire();
      }
      now = until;
    },
    pending: () => timers.length,
  };
}
