import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { decode, type RecognizingOptions } from './decode.js';
import { mapContext, type FaultFinder, type MapContext, type Mapper } from './map/mapper.js';
import type { DecodedEvent, DecodedReject, DecodedRun, InputStream, MappedEvent } from './record.js';

/** An event that was parsed, and its document. */
export interface MappedPiece {
  readonly kind: 'event';
  readonly event: MappedEvent;
  readonly source: Pick<DecodedEvent, 'start' | 'end' | 'buffer' | 'from' | 'to'>;
}

/** A piece of a stream on its way into a batch. */
export type ReadPiece = MappedPiece | DecodedRun | DecodedReject;

/** What is asked of a stream to read it. */
export type ReadableStream = Pick<InputStream, 'origin' | 'resume' | 'bytes' | 'seeked' | 'final'>;

/** Turns the bytes of streams into documents. */
export interface Reader {
  /**
   * Decodes, validates and maps a stream. Pieces are in the order of the stream; they are there until the next ones are asked for.
   * @throws what the stream's bytes throw, behind all pieces before it
   */
  read(stream: ReadableStream): AsyncIterable<readonly ReadPiece[]>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  readonly mapper: Mapper;
  readonly validate: FaultFinder;
  readonly limits: Config['limits'];
  readonly clock: Clock;
}

/** A reader that does all of it in this thread. */
export function createReader({ mapper, validate, limits, clock }: ReaderOptions): Reader {
  async function* read(stream: ReadableStream): AsyncGenerator<readonly ReadPiece[]> {
    const context = (): MapContext => mapContext(new Date(clock.now()), stream.origin);
    const options = { ...decodeOptions(stream, limits), recognizer: mapper.recognizer(validate, context) };
    for await (const found of decode(stream.bytes, options)) {
      const now = context();
      yield found.map((piece) =>
        piece.kind === 'event' ? { kind: 'event', event: mapper.map(piece, validate, now), source: piece } : piece,
      );
    }
  }
  return { read, close: () => Promise.resolve() };
}

function decodeOptions(
  { resume, seeked, final }: ReadableStream,
  limits: Config['limits'],
): Omit<RecognizingOptions, 'recognizer'> {
  return {
    ...{ resume, seeked, final },
    maxEventBytes: limits.max_event_bytes,
    maxExpandedBytes: limits.max_expanded_bytes,
    rejectRawBytes: limits.max_event_bytes,
  };
}
