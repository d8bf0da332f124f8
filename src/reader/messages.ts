import type { MapperOptions } from '../map/mapper.js';
import type { Config } from '../config.js';
import type { DecodedReject, Origin, Position } from '../record.js';

/** What the thread is made with. */
export interface ThreadOptions {
  readonly mapper: MapperOptions;
  readonly limits: Config['limits'];
}

/** A stream's number goes with every message about it. */
export type ToThread =
  | {
      readonly kind: 'begin';
      readonly stream: number;
      readonly origin: Origin;
      readonly resume: Position;
      readonly seeked: boolean;
      readonly final: boolean;
    }
  /** Bytes of the stream; of the buffer, which is given away, the first `length`. */
  | { readonly kind: 'chunk'; readonly stream: number; readonly buffer: ArrayBuffer; readonly length: number }
  /** There are no more bytes; `failed`: more should have come. */
  | { readonly kind: 'end'; readonly stream: number; readonly failed: boolean }
  /** Pieces were used; their buffer comes back. */
  | { readonly kind: 'used'; readonly stream: number; readonly buffer: ArrayBuffer }
  /** Nobody waits for the stream's pieces any more. */
  | { readonly kind: 'leave'; readonly stream: number };

export type FromThread =
  | {
      readonly kind: 'pieces';
      readonly stream: number;
      readonly buffer: ArrayBuffer;
      readonly pieces: readonly SentPiece[];
    }
  /** A chunk was used; its buffer comes back. */
  | { readonly kind: 'taken'; readonly stream: number; readonly buffer: ArrayBuffer }
  /** All pieces of the stream have been sent. */
  | { readonly kind: 'ended'; readonly stream: number; readonly failure?: ThreadFailure };

export interface ThreadFailure {
  readonly error: unknown;
  /** It was the stream's bytes that failed. */
  readonly isOfBytes: boolean;
}

/** A run, whose bytes stand in the message's buffer, or a reject. */
export type SentPiece = SentRun | { readonly kind: 'reject'; readonly reject: DecodedReject };

export interface SentRun {
  readonly kind: 'run';
  /** As `RunParts` has it; the first line is at 0. */
  readonly told: Int32Array;
  /** From where to where the lines stand in the buffer, then the events. */
  readonly lines: readonly [from: number, to: number];
  readonly events: readonly [from: number, to: number];
  /** Offset of the first event in the stream. */
  readonly start: number;
  readonly arrayDepth: number;
}

/** Chunks that the thread has at the same time, of each stream, when one more is sent: the one before, one to work on, and one to go on with. */
export const MOST_CHUNKS = 2;
/** Messages of pieces that nobody has used yet, of each stream: the thread waits before it makes more. */
export const MOST_PIECES = 2;
