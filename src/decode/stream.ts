import type { Position, RejectReason } from '../record.js';

export interface FramerOptions {
  readonly resume: Position;
  readonly maxEventBytes: number;
  /** How much of a rejected piece's bytes is kept. */
  readonly rejectRawBytes: number;
}

/** Why a stream ends before its end. */
export interface StreamFault {
  readonly reason: RejectReason;
  readonly detail: string;
}
