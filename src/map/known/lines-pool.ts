/** Buffers are made no smaller: a chunk's documents have about twice its bytes. */
const LEAST_BYTES = 320 * 1024;
/** More are left to the garbage collector. */
const MOST_FREE = 8;

/** Buffers for lines, used again and again: each stream needs some for as long as its piece at hand is used. */
export class LinesPool {
  readonly #free: Buffer[] = [];

  /** One with room for so many bytes. */
  take(bytes: number): Buffer {
    const found = this.#free.findIndex(({ length }) => length >= bytes);
    return found < 0
      ? Buffer.allocUnsafeSlow(Math.max(bytes, LEAST_BYTES))
      : (this.#free.splice(found, 1)[0] as Buffer);
  }

  give(buffers: readonly Buffer[]): void {
    this.#free.push(...buffers.slice(0, MOST_FREE - this.#free.length));
  }
}
