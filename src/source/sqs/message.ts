import type { ObjectNotice } from './notification.js';
import type { Received } from './queue.js';

/** A message that this process has received and neither deleted nor let go. */
export interface Message extends Received {
  /** Number of the receive in this process: with it the ids of streams are unique. */
  readonly serial: number;
  /** `Clock.steady` when it was asked for: it was hidden from others then, or later. */
  readonly receivedAt: number;
  /** `Clock.steady` up to which it is certainly hidden from others. */
  hiddenUntil: number;
  /** What was not understood of its body. */
  readonly faults: readonly string[];
  /** Objects of it that are neither done nor given up. */
  open: number;
  /** Objects given up in this delivery, and why. */
  readonly failed: FailedObject[];
  /** Its receipt is no longer good: it is, or will be, somebody else's. */
  lapsed: boolean;
  /** It has not always been hidden: somebody else may have had it, too. */
  doubtful: boolean;
  /** Objects of it were not read, as it has lapsed. */
  incomplete: boolean;
}

export interface FailedObject {
  /** `s3://bucket/key`. */
  readonly place: string;
  readonly reason: string;
  readonly remedy: string;
}

/** One object of a message, until its events are acknowledged or it is given up. */
export interface Task {
  readonly message: Message;
  readonly notice: ObjectNotice;
  /** Number of the object in its message. */
  readonly index: number;
  /** Failed tries in this delivery. */
  tries: number;
  /** `Clock.steady` of the first of them. */
  failingSince: number | undefined;
}
