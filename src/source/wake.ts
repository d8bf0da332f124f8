/** Wakes the one who waits for something to change. */
export class Wake {
  #wake: () => void = () => undefined;

  /** Something has changed. */
  now(): void {
    this.#wake();
  }

  /** Resolves at the next change, or when `signal` fires. Only one may wait at a time. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = (): void => {
        signal.removeEventListener('abort', this.#wake);
        this.#wake = () => undefined;
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
  }
}
