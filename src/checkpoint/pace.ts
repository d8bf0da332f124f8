/** A write may take a fiftieth of the time, so that a large state on a slow disk holds nothing up. */
const WRITE_SHARE = 50;
const LONGEST_MS = 60_000;

/** How long to wait before the next write when the last one took so long: `leastMs` to a minute. */
export function restMs(tookMs: number, leastMs: number): number {
  return Math.max(leastMs, Math.min(tookMs * WRITE_SHARE, LONGEST_MS));
}
