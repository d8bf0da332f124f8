import { constants, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { Pull } from './pull.js';

/** Compressed bytes given to zlib at a time. They bound the output that waits. */
const PIECE_BYTES = 16 * 1024;
const OUTPUT_BYTES = 64 * 1024;
/** How much of a member is kept to be inflated once more should it turn out corrupt. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/** How finely a corrupt piece is looked through at first. */
const RESCUE_STEP_BYTES = 128;

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
  const fed = new Fed();
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
      const output = inflater.take();
      if (inflater.fault !== undefined) {
        yield* fed.isComplete ? rescue(fed.pieces, piece, RESCUE_STEP_BYTES) : output;
        return { kind: 'corrupt', detail: inflater.fault };
      }
      yield* output;
      if (inflater.ended) {
        input.unread(piece.subarray(piece.length - unused));
        return { kind: 'whole' };
      }
      fed.add(piece);
    }
  } finally {
    inflater.close();
  }
}

/** Copies of the pieces of a member that zlib had no fault to find with, unless they are too many. */
class Fed {
  pieces: Buffer[] = [];
  isComplete = true;
  #bytes = 0;

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    this.isComplete = this.#bytes <= MAX_KEPT_BYTES;
    if (this.isComplete) this.pieces.push(Buffer.from(piece));
    else this.pieces = [];
  }
}

/**
 * What of a corrupt piece can be inflated. At a fault zlib's stream throws away what it made of the same piece, which for a
 * usual file is every event; so the member is inflated once more, the piece in smaller ones, and the smaller one that is
 * corrupt byte by byte.
 */
async function* rescue(pieces: readonly Buffer[], corrupt: Buffer, step: number): AsyncGenerator<Buffer, void> {
  const inflater = new Inflater();
  let at = 0;
  try {
    for (const piece of pieces) {
      await inflater.write(piece);
      inflater.take();
    }
    for (; at < corrupt.length; at += step) {
      await inflater.write(corrupt.subarray(at, at + step));
      if (inflater.fault !== undefined) break;
      yield* inflater.take();
    }
  } finally {
    inflater.close();
  }
  if (step > 1) yield* rescue([...pieces, corrupt.subarray(0, at)], corrupt.subarray(at, at + step), 1);
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
