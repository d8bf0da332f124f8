import { Framer } from './decode/framer.js';
import { gunzip } from './decode/gunzip.js';
import { isGzip } from './decode/gzip-header.js';
import { Pull } from './decode/pull.js';
import type { StreamFault } from './decode/stream.js';
import type { Decoded, DecodedPiece, Position, Recognizer } from './record.js';

export interface DecodeOptions {
  /** Where to begin, in the decompressed stream. */
  readonly resume: Position;
  /** Whether `bytes` begins at `resume.offset` already; otherwise as many decompressed bytes are skipped. */
  readonly seeked: boolean;
  /** False while the stream may grow: what is unfinished at its end is then left for later. */
  readonly final: boolean;
  /** A larger event is rejected as `too_large`. */
  readonly maxEventBytes: number;
  /** Largest decompressed size of a gzip stream; reading stops there with a reject `expansion_limit`. */
  readonly maxExpandedBytes: number;
  /** How many bytes of a rejected piece are kept; a whole piece has at most `maxEventBytes` unless it is `too_large`. */
  readonly rejectRawBytes: number;
}

export interface RecognizingOptions extends DecodeOptions {
  /** Spares the parsing of events whose form it knows; of this stream alone. */
  readonly recognizer: Recognizer | undefined;
}

/** Most bytes framed at once: bounds the events that wait in one array, and stays in the processor cache. */
const MAX_CHUNK_BYTES = 128 * 1024;

/**
 * Turns the bytes of a stream into events and rejects, in the order in which they stand there: one JSON object, JSON lines,
 * concatenated objects or arrays of objects, plain or gzipped (told by the magic bytes). Yields arrays, about one for
 * each chunk of bytes, never empty ones. Bad data never throws; an error of `bytes` itself does, behind all events before it.
 * Events that are recognized come in runs.
 */
export function decode(bytes: AsyncIterable<Buffer>, options: RecognizingOptions): AsyncGenerator<DecodedPiece[]>;
export function decode(bytes: AsyncIterable<Buffer>, options: DecodeOptions): AsyncGenerator<Decoded[]>;
export async function* decode(
  bytes: AsyncIterable<Buffer>,
  options: DecodeOptions & Partial<RecognizingOptions>,
): AsyncGenerator<DecodedPiece[]> {
  const framer = new Framer(options);
  const input = new Pull(bytes);
  const plain = options.seeked && options.resume.offset > 0;
  const content = !plain && isGzip(await input.peek(3)) ? expand(input, options.maxExpandedBytes) : copy(input);
  let toSkip = options.seeked ? 0 : options.resume.offset;
  try {
    let step = await content.next();
    for (; step.done !== true; step = await content.next()) {
      const skipped = Math.min(toSkip, step.value.length);
      toSkip -= skipped;
      for (let at = skipped; at < step.value.length; at += MAX_CHUNK_BYTES) {
        const found = framer.push(step.value.subarray(at, at + MAX_CHUNK_BYTES));
        if (found.length > 0) yield found;
      }
    }
    const rest = options.final || step.value?.reason === 'expansion_limit' ? framer.finish(step.value) : [];
    if (rest.length > 0) yield rest;
  } finally {
    options.recognizer?.forget();
    await content.return(undefined);
    await input.close();
  }
}

async function* copy(input: Pull): AsyncGenerator<Buffer, undefined> {
  for (let chunk = await input.next(); chunk !== undefined; chunk = await input.next()) yield chunk;
}

async function* expand(input: Pull, maxBytes: number): AsyncGenerator<Buffer, StreamFault | undefined> {
  const content = gunzip(input);
  let left = maxBytes;
  try {
    for (;;) {
      const step = await content.next();
      if (step.done === true) return step.value;
      yield step.value.subarray(0, left);
      left -= step.value.length;
      if (left < 0)
        return { reason: 'expansion_limit', detail: `the data is larger than ${maxBytes} bytes when expanded` };
    }
  } finally {
    await content.return(undefined);
  }
}
