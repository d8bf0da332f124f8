import { MAX_SECONDS } from '../fits.js';
import { epochMillis } from '../timestamp.js';

type Text = string | undefined;

/** `event.duration` in nanoseconds: the vendor's seconds, or else the time from start to end. */
export function duration(seconds: number | undefined, start: Text, end: Text): { duration: number | undefined } {
  if (seconds !== undefined) return { duration: seconds * 1e9 };
  const from = start === undefined ? undefined : epochMillis(start);
  const to = end === undefined ? undefined : epochMillis(end);
  if (from === undefined || to === undefined || to < from || to - from > MAX_SECONDS * 1000) {
    return { duration: undefined };
  }
  return { duration: (to - from) * 1e6 };
}

/** `network.bytes`: the sum, when both are known. */
export function totalBytes(one: number | undefined, other: number | undefined): { bytes: number | undefined } {
  return { bytes: one === undefined || other === undefined ? undefined : one + other };
}
