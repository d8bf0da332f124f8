/** Reads an async iterable chunk by chunk, with the freedom to put bytes back. */
export class Pull {
  readonly #iterator: AsyncIterator<Buffer, unknown>;
  #back: Buffer | undefined;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#iterator = bytes[Symbol.asyncIterator]();
  }

  /** The next chunk, not empty; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    const back = this.#back;
    this.#back = undefined;
    if (back !== undefined) return back;
    for (;;) {
      const step = await this.#iterator.next();
      if (step.done === true) return undefined;
      if (step.value.length > 0) return step.value;
    }
  }

  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#back = this.#back === undefined ? bytes : Buffer.concat([bytes, this.#back]);
  }

  /** At least `count` bytes, or all there are. They stay unread. */
  async peek(count: number): Promise<Buffer> {
    let bytes = (await this.next()) ?? Buffer.alloc(0);
    while (bytes.length < count) {
      const more = await this.next();
      if (more === undefined) break;
      bytes = Buffer.concat([bytes, more]);
    }
    this.unread(bytes);
    return bytes;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
