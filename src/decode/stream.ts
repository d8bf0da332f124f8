import type { Position, Recognizer, RejectReason } from '../record.js';

export interface FramerOptions {
  readonly resume: Position;
  readonly maxEventBytes: number;
  /** How much of a rejected piece's bytes is kept. */
  readonly rejectRawBytes: number;
  /** Spares the parsing of events whose form it knows. */
  readonly recognizer?: Recognizer | undefined;
}

/** Why a stream ends before its end. */
export interface StreamFault {
  readonly reason: RejectReason;
  readonly detail: string;
}
