import { Wake } from '../wake.js';

/** Counts what is being read, for the one who has to wait until nothing is. */
export class UnderWay {
  readonly #wake = new Wake();
  #count = 0;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#wake.now();
  }

  /** Resolves when nothing is being read, or when `signal` fires. */
  async none(signal: AbortSignal): Promise<void> {
    while (this.#count > 0 && !signal.aborted) await this.#wake.next(signal);
  }
}
