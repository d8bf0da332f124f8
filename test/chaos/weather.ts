/** Storms, in which the process is killed again and again, and calm, in which other faults meet traffic, take turns. */
const [CYCLE_MS, FROM_MS, TO_MS] = [30_000, 8_000, 22_000];

/** The share of a run that is storm. */
export const STORM_SHARE = (TO_MS - FROM_MS) / CYCLE_MS;

export function isStorm(atMs: number): boolean {
  return atMs % CYCLE_MS >= FROM_MS && atMs % CYCLE_MS < TO_MS;
}

export function isCalm(atMs: number): boolean {
  return !isStorm(atMs);
}
