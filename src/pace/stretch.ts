/**
 * What was measured over a number of requests that ended one after the other with the same settings. Those that were begun before, or
 * filled to another size, go by first.
 */
export class Stretch {
  readonly #skip: number;
  readonly #needed: number;
  #seen = 0;
  #pressed = 0;
  #startMs = 0;
  #endMs = 0;
  #bytes = 0;
  #items = 0;

  constructor(inFlight: number) {
    // Under way, waiting for its place, and being filled.
    this.#skip = inFlight + 2;
    this.#needed = Math.max(LEAST_REQUESTS, 2 * inFlight);
  }

  pressed(): void {
    if (this.#seen > this.#skip) this.#pressed += 1;
  }

  add(endedMs: number, bytes: number, items: number): void {
    this.#seen += 1;
    this.#endMs = endedMs;
    if (this.#seen <= this.#skip) return;
    if (this.#seen === this.#skip + 1) {
      this.#startMs = endedMs;
      return;
    }
    this.#bytes += bytes;
    this.#items += items;
  }

  get #counted(): number {
    return this.#seen - this.#skip - 1;
  }

  get isLongEnough(): boolean {
    return this.#counted >= this.#needed && this.#endMs - this.#startMs >= LEAST_MS;
  }

  /** Most batches had to wait for their places: it was the sending that set the pace. */
  get wasPressed(): boolean {
    return this.#pressed >= this.#counted * MOST;
  }

  get bytesPerMs(): number {
    return this.#bytes / (this.#endMs - this.#startMs);
  }

  get eventsPerSecond(): number {
    return (this.#items / (this.#endMs - this.#startMs)) * 1000;
  }
}

const LEAST_REQUESTS = 12;
const LEAST_MS = 500;
const MOST = 0.5;
