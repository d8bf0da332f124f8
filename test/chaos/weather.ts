import { LONG_RUN_MS } from './script.js';

/** When what may happen, in milliseconds from the start of a run. */
export interface Weather {
  /** The process is killed again and again. */
  readonly isStorm: (atMs: number) => boolean;
  /** Other faults meet traffic. */
  readonly isCalm: (atMs: number) => boolean;
  /** How long all storms are together. */
  readonly stormMs: number;
  /** When the credentials begin to be refused; undefined in a run that is too short for that. */
  readonly lockOutMs: number | undefined;
}

const [CYCLE_MS, FROM_MS, TO_MS] = [30_000, 8_000, 22_000];
const STORM_SHARE = (TO_MS - FROM_MS) / CYCLE_MS;
/** Where in a run, as a share of it: late enough to have much under way, and early enough for the rest to be shipped after it. */
const LOCK_OUT_AT = 0.25;
/** How long the credentials are refused. */
export const LOCK_OUT_MS = 150_000;
/** What was refused waits, and comes then. */
const AFTER_MS = 15_000;

/** Storms and calm take turns. While no bulk request is passed on for minutes there is neither: other faults would meet nothing. */
export function weatherOf(forMs: number): Weather {
  const lockOutMs = forMs >= LONG_RUN_MS ? forMs * LOCK_OUT_AT : undefined;
  const isLockedOut = (atMs: number): boolean =>
    lockOutMs !== undefined && atMs >= lockOutMs && atMs < lockOutMs + LOCK_OUT_MS + AFTER_MS;
  const isWindy = (atMs: number): boolean => atMs % CYCLE_MS >= FROM_MS && atMs % CYCLE_MS < TO_MS;
  const openMs = lockOutMs === undefined ? forMs : forMs - LOCK_OUT_MS - AFTER_MS;
  return {
    isStorm: (atMs) => isWindy(atMs) && !isLockedOut(atMs),
    isCalm: (atMs) => !isWindy(atMs) && !isLockedOut(atMs),
    stormMs: openMs * STORM_SHARE,
    lockOutMs,
  };
}
