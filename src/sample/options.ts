import { createRandom, type Random } from './random.js';

export interface SampleOptions {
  /** The same seed gives the same people, events and attack; only the times follow `end`. */
  readonly seed: number;
  readonly count: number;
  /** Time of the last event; the first lies a day before it. */
  readonly end: Date;
  /** Whether an attack is hidden in the day; it is when left out. */
  readonly attack?: boolean;
  /** Another number is another day of the same people; 0 when left out. */
  readonly day?: number;
}

/** From before the first event to the last. */
export const PERIOD_MS = 24 * 60 * 60 * 1000;

/** As the vendor writes an event's time, with random microseconds. */
export function sampleTime(random: Random, millis: number): string {
  const micros = String(random.below(1_000_000)).padStart(6, '0');
  return `${new Date(millis).toISOString().slice(0, 19)}.${micros}Z`;
}

/** What happens on a day is chosen by another sequence of numbers each day; on the first by what is left of the company's. */
export function randomOfDay({ seed, day = 0 }: SampleOptions, companyRandom: Random): Random {
  return day === 0 ? companyRandom : createRandom(seed + day * 7919);
}
