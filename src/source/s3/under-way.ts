/** Counts what is being read, for the one who has to wait until nothing is. */
export class UnderWay {
  #count = 0;
  #wake: () => void = () => undefined;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#wake();
  }

  /** Resolves when nothing is being read, or when `signal` fires. */
  async none(signal: AbortSignal): Promise<void> {
    while (this.#count > 0 && !signal.aborted) await this.#next(signal);
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
