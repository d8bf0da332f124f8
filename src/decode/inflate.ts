import { constants, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { Pull } from './pull.js';

/** Compressed bytes given to zlib at a time. They bound the output that waits, and what a corrupt piece takes with it. */
const PIECE_BYTES = 16 * 1024;
const OUTPUT_BYTES = 64 * 1024;

/** How the deflate data of a member ended. */
export type InflateEnd =
  { readonly kind: 'whole' | 'truncated' } | { readonly kind: 'corrupt'; readonly detail: string };

/**
 * Inflates the deflate data of one gzip member, yields what comes out up to the end or the first fault, and puts back
 * the bytes behind it. `createGunzip` would do members by itself, but garbage behind a member makes it throw away output
 * that was good.
 */
export async function* inflateMember(input: Pull): AsyncGenerator<Buffer, InflateEnd> {
  const inflater = new Inflater();
  try {
    for (;;) {
      const chunk = await input.next();
      if (chunk === undefined) {
        await inflater.cutOff();
        yield* inflater.take();
        return { kind: 'truncated' };
      }
      const piece = chunk.subarray(0, PIECE_BYTES);
      input.unread(chunk.subarray(PIECE_BYTES));
      const unused = await inflater.write(piece);
      yield* inflater.take();
      if (inflater.fault !== undefined) return { kind: 'corrupt', detail: inflater.fault };
      if (inflater.ended) {
        input.unread(piece.subarray(piece.length - unused));
        return { kind: 'whole' };
      }
    }
  } finally {
    inflater.close();
  }
}

/** A zlib stream as a plain request and answer: a piece in, its output and what became of it out. */
class Inflater {
  fault: string | undefined;
  ended = false;
  readonly #stream: InflateRaw = createInflateRaw({ chunkSize: OUTPUT_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  #output: Buffer[] = [];
  #fed = 0;
  #settle: () => void = () => undefined;

  constructor() {
    this.#stream.on('data', (chunk: Buffer) => void this.#output.push(chunk));
    this.#stream.on('end', () => {
      this.ended = true;
      this.#settle();
    });
    this.#stream.on('error', (error) => {
      this.fault = error.message;
      this.#settle();
    });
  }

  /** How many bytes of the piece zlib had no use for: they are behind the end of the data. */
  async write(piece: Buffer): Promise<number> {
    this.#fed += piece.length;
    // At the end of the data zlib does not answer the write but ends its output.
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#stream.write(piece, () => resolve());
    });
    return this.#fed - this.#stream.bytesWritten;
  }

  /** Makes zlib hand out what it has although the data is not complete. */
  async cutOff(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#stream.end();
    });
  }

  take(): Buffer[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  close(): void {
    this.#stream.destroy();
  }
}
