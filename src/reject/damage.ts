import type { Logger } from '../log.js';

/** How many places are named: a disk that fails may damage thousands. */
const NAMED = 10;

/** Lines of the reject store that are torn or altered. They are never taken for records. */
export interface DamageReport {
  readonly count: number;
  /** The first of them, each as `file:line`. */
  readonly places: readonly string[];
  add(place: string): void;
}

export function damageReport(): DamageReport {
  const places: string[] = [];
  let count = 0;
  return {
    places,
    get count() {
      return count;
    },
    add(place) {
      count += 1;
      if (places.length < NAMED) places.push(place);
    },
  };
}

/** Says that lines are damaged, if any are. What was cut off by a crash is no loss: its position was never acknowledged. */
export function tellDamage(log: Pick<Logger, 'warn'>, { count, places }: DamageReport): void {
  if (count === 0) return;
  log.warn(
    { lines: count, places },
    'the reject store has damaged lines, which are kept but not used; what a crash cut off is read again from its input',
  );
}

/** Says that the store is shorter than it was: lines that are missing whole show in no other way. */
export function tellMissing(log: Pick<Logger, 'warn'>, path: string, bytes: number): void {
  log.warn({ path, bytes }, 'rejected events are missing: the reject store is shorter than it was, by so many bytes');
}
