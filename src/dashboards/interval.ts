const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps of a time axis that a reader can count in, as the engines' `fixed_interval` has them. */
const STEPS: readonly (readonly [millis: number, name: string])[] = [
  ...[1, 5, 10, 30].map((n) => [n * SECOND, `${n}s`] as const),
  ...[1, 2, 5, 10, 15, 30].map((n) => [n * MINUTE, `${n}m`] as const),
  ...[1, 2, 3, 6, 12].map((n) => [n * HOUR, `${n}h`] as const),
  ...[1, 7, 30].map((n) => [n * DAY, `${n}d`] as const),
];

/** A chart has at most so many points over time, but for ranges of many years. */
const MAX_POINTS = 60;

/** The smallest readable step that has no more than {@link MAX_POINTS} in a range: 30 minutes for a day. */
export function intervalOf(rangeMs: number): string {
  const step = STEPS.find(([millis]) => rangeMs / millis <= MAX_POINTS) ?? STEPS.at(-1);
  return step?.[1] ?? '30d';
}
