import type { Random } from '../../../src/sample/random.js';
import type { Given } from '../events.js';
import type { Ledger } from '../ledger.js';

/** One line of so many events is no event. */
const JUNK_EVERY = 397;

/** Events as lines, and the id of the last one. */
export interface Lines {
  readonly text: string;
  readonly lastId: string;
}

/** What a run gives: events, each once, and noted in the ledger; numbers for names, each once. */
export class Supply {
  readonly random: Random;
  readonly #events: Iterator<Given>;
  readonly #ledger: Ledger;
  #given = 0;
  #numbers = 0;

  /** @param events all events of the run, and more. */
  constructor(events: Iterator<Given>, ledger: Ledger, random: Random) {
    this.#events = events;
    this.#ledger = ledger;
    this.random = random;
  }

  take(count: number): Given[] {
    this.#given += count;
    return Array.from({ length: count }, () => {
      const next = this.#events.next();
      if (next.done === true) throw new RangeError('there are no more events');
      this.#ledger.give(next.value);
      return next.value;
    });
  }

  /** The same as lines of JSON. */
  lines(count: number): Lines {
    const events = this.take(count);
    return { text: events.map(({ text }) => `${text}\n`).join(''), lastId: events.at(-1)?.id ?? '' };
  }

  /** A line that is no event, when it is time for one since the last `count` events; otherwise nothing. */
  junkAfter(count: number): string {
    if (count === 0 || this.#given % JUNK_EVERY >= count) return '';
    const text = `this is no event ${this.#given}`;
    this.#ledger.giveJunk(text);
    return `${text}\n`;
  }

  number(): number {
    this.#numbers += 1;
    return this.#numbers;
  }
}
