/** Buffers that are used again and again. */
export class BufferPool<T extends { readonly byteLength: number }> {
  readonly #make: (bytes: number) => T;
  readonly #mostFree: number;
  readonly #free: T[] = [];

  /**
   * @param make one of at least so many bytes
   * @param mostFree how many are kept; more are left to the garbage collector
   */
  constructor(make: (bytes: number) => T, mostFree: number) {
    this.#make = make;
    this.#mostFree = mostFree;
  }

  /** One with room for so many bytes. */
  take(bytes: number): T {
    const found = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    return found < 0 ? this.#make(bytes) : (this.#free.splice(found, 1)[0] as T);
  }

  give(buffer: T): void {
    if (this.#free.length < this.#mostFree) this.#free.push(buffer);
  }
}
