import type { Clock } from '../../src/clock.js';

export interface ManualClock {
  readonly clock: Clock;
  /** Time goes by: both hands go on, and timers that are due fire. */
  readonly advance: (ms: number) => void;
  /** The machine's clock is set, forward or back: no time goes by. */
  readonly jump: (ms: number) => void;
  /** Timers that wait. */
  readonly pending: () => number;
}

/** A clock that stands still until it is told to go on, with a hand that can be set and one that cannot. */
export function manualClock(start = 0): ManualClock {
  let steady = start;
  let offset = 0;
  let timers: { at: number; fire: () => void }[] = [];
  const due = (until: number): { at: number; fire: () => void } | undefined =>
    timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    clock: {
      now: () => steady + offset,
      steady: () => steady,
      after(ms, fire) {
        const timer = { at: steady + ms, fire };
        timers.push(timer);
        return () => void (timers = timers.filter((one) => one !== timer));
      },
    },
    advance(ms) {
      const until = steady + ms;
      for (let timer = due(until); timer; timer = due(until)) {
        steady = timer.at;
        timers = timers.filter((one) => one !== timer);
        timer.fire();
      }
      steady = until;
    },
    jump(ms) {
      offset += ms;
    },
    pending: () => timers.length,
  };
}
