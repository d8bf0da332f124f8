/** The bounds of a knob and how far one turn goes. */
export interface KnobOptions {
  readonly least: number;
  readonly most: number;
  readonly start: number;
  /** How far up or down one turn goes from a value. */
  readonly step: (value: number) => number;
  /** A turn is kept when throughput becomes at least so many times what it was. */
  readonly worth: Readonly<Record<Direction, number>>;
}

export type Direction = 'up' | 'down';

/**
 * A number that is turned on trial, up and down: a turn that was no good is tried again after a growing number of stretches. A value at which
 * the cluster was overloaded is left alone for longer.
 */
export class Knob {
  readonly #options: KnobOptions;
  #value: number;
  #before: number;
  /** Stretches until a direction may be tried, and how often it was of no use lately. */
  readonly #pause = { up: 0, down: FIRST_PAUSE };
  readonly #failed = { up: 0, down: 0 };
  /** Where it was too much, for how many stretches that is not tried, and how often it was so lately. */
  #ceiling = Number.POSITIVE_INFINITY;
  #ceilingPause = 0;
  #overloads = 0;

  constructor(options: KnobOptions) {
    this.#options = options;
    this.#value = this.#before = options.start;
  }

  get value(): number {
    return this.#value;
  }

  /** A stretch has gone by. */
  tick(): void {
    this.#pause.up -= 1;
    this.#pause.down -= 1;
    this.#ceilingPause -= 1;
  }

  isDue(direction: Direction): boolean {
    const next = this.#next(direction);
    if (next === this.#value || this.#pause[direction] > 0) return false;
    return direction === 'down' || next < this.#ceiling || this.#ceilingPause <= 0;
  }

  turn(direction: Direction): void {
    this.#before = this.#value;
    this.#value = this.#next(direction);
  }

  isWorth(direction: Direction, gain: number): boolean {
    return gain >= this.#options.worth[direction];
  }

  keep(direction: Direction): void {
    this.#failed[direction] = 0;
    this.#pause[direction] = 0;
    this.#pause[direction === 'up' ? 'down' : 'up'] = FIRST_PAUSE;
    if (this.#value < this.#ceiling) return;
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#overloads = 0;
  }

  turnBack(direction: Direction): void {
    this.#value = this.#before;
    this.#pause[direction] = pause(this.#failed[direction], LONGEST_PAUSE);
    this.#failed[direction] += 1;
  }

  /** Too much: goes down at once. @param isNew The first time after all was well: then this is where it begins. */
  overloaded(isNew: boolean, to = Math.floor(this.#value * DECREASE)): void {
    if (isNew) {
      this.#ceiling = this.#value;
      this.#ceilingPause = pause(this.#overloads, LONGEST_CEILING);
      this.#overloads += 1;
    }
    this.#value = this.#before = Math.max(this.#options.least, Math.min(this.#value, to));
    this.#pause.up = this.#failed.up = 0;
    this.#pause.down = FIRST_PAUSE;
  }

  /** The cluster does not give what it gave: fewer may do, and are tried first. */
  slowed(): void {
    this.#value = this.#before = Math.max(this.#options.least, Math.floor(this.#value * DECREASE));
    this.#pause.up = FIRST_PAUSE;
    this.#pause.down = this.#failed.down = 0;
  }

  #next(direction: Direction): number {
    const { least, most, step } = this.#options;
    const next = this.#value + (direction === 'up' ? step(this.#value) : -step(this.#value));
    return Math.max(least, Math.min(most, next));
  }
}

const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 64;
const LONGEST_CEILING = 128;
const DECREASE = 0.6;

function pause(failures: number, longest: number): number {
  return Math.min(longest, FIRST_PAUSE * 2 ** failures);
}
