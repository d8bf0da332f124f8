import { hash } from 'node:crypto';
import { DIGEST_CHARS } from './known/ops.js';

const NO_TIME = '000000000000';

/**
 * The document id: event time as 12 hex digits of epoch milliseconds (so that ids of one period sort together), `-`, and
 * 192 bits of the SHA-256 of the event's canonical text. No time of reading, file or position goes in: the same event
 * gets the same id from anywhere.
 *
 * @param canonical the text, or its UTF-8 bytes
 * @param millis event time, undefined when it cannot be read.
 */
export function documentId(canonical: string | Uint8Array, millis: number | undefined): string {
  const time = millis === undefined || millis < 0 ? NO_TIME : timeDigits(millis);
  return time + '-' + digestOf(canonical).slice(0, DIGEST_CHARS);
}

/** The event's time in milliseconds since 1970, read from its id; 0 when it has none. */
export function idTime(id: string): number {
  // Reads up to the `-`.
  return Number.parseInt(id, 16);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
let lastHigh = -1;
let highDigits = '';

/** Twelve hex digits. Number.toString(16) takes longer than all the rest of the id: a table does it for the low digits. */
function timeDigits(millis: number): string {
  const high = Math.floor(millis / 65_536);
  if (high !== lastHigh) {
    lastHigh = high;
    highDigits = high.toString(16).padStart(8, '0');
  }
  const low = millis - high * 65_536;
  return highDigits + (HEX[low >> 8] as string) + (HEX[low & 255] as string);
}

/** The digest, of which an id holds the first 32 characters. One-shot since Node 20.12: no hash object per event. */
export function digestOf(canonical: string | Uint8Array): string {
  return hash('sha256', canonical, 'base64url');
}
