import type { Way } from './events.js';
import type { Lane } from './lane.js';

/** One fault of a script: data alone. What it does is said by the kind of its family. */
export interface Fault {
  readonly family: string;
  readonly kind: string;
  /** When it begins, in milliseconds from the start of the run. */
  readonly atMs: number;
  /** How long, how much or how far, in the kind's unit. */
  readonly amount: number;
}

export interface Kind {
  /** Bounds of the amount; the comment beside it says the unit. Without it the amount is 0. */
  readonly amount?: readonly [least: number, most: number];
  /** How often it is in one deal of its family; once when left out. */
  readonly share?: number;
  /** How the event that proves that it was survived is given; into the growing file when left out. */
  readonly proof?: Way;
  /**
   * Does it, and ends it again where it has an end. It was survived when one event is stored: the last one that it has given
   * itself, whose id it resolves to; or, when it resolves to true, one that is given right after it.
   * False when there was nothing that it could have met, or nothing has met it.
   * Throws when the lane did not do what it must: that fails the run.
   */
  inflict(lane: Lane, amount: number): Promise<boolean | string>;
}

/** Faults of one sort. They come one after the other, other families go on meanwhile. */
export interface Family {
  readonly name: string;
  /** Mean time from the beginning of one to that of the next. */
  readonly everyMs: number;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** What it does concerns all lanes at once, and is done once. */
  readonly shared?: boolean;
  /** Each begins at its time, whether those before are over or not. */
  readonly overlapping?: boolean;
  /** At most one of its faults is in a script. */
  readonly isSingle?: boolean;
  /** What is late is inflicted after the run's time while kills are owed; otherwise it is left out, as late faults must not fall on top of each other. */
  readonly isGoneThrough?: true;
  /** Whether one may begin at this time of a run; always when left out. */
  isActive?(atMs: number): boolean;
}
