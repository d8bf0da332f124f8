import type { Clock } from '../clock.js';

/** The checkpoint's own time, and what the machine's clock said at that moment; both in milliseconds. */
export interface AgeMark {
  readonly ms: number;
  readonly clockMs: number;
}

/** However long a connector was off, or however far the clock was set: so much at most counts. */
const MOST_OFF_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Time as entries age by it. Within a run it goes on evenly; between two runs as far as the machine's clock did, but by a week at
 * most, and never back: a clock that is years off at a start must not make everything look old.
 */
export class Age {
  readonly #clock: Pick<Clock, 'now' | 'steady'>;
  readonly #startMs: number;
  readonly #steadyMs: number;

  /** @param mark what the run before left; undefined where none did. */
  constructor(mark: AgeMark | undefined, clock: Pick<Clock, 'now' | 'steady'>) {
    this.#clock = clock;
    this.#steadyMs = clock.steady();
    const off = mark === undefined ? 0 : clock.now() - mark.clockMs;
    this.#startMs = (mark?.ms ?? clock.now()) + Math.min(Math.max(off, 0), MOST_OFF_MS);
  }

  now(): number {
    return this.#startMs + this.#clock.steady() - this.#steadyMs;
  }

  mark(): AgeMark {
    return { ms: this.now(), clockMs: this.#clock.now() };
  }
}
