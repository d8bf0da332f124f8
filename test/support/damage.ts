/** Bit patterns to change a byte with: each single bit, all of them, and what makes ASCII letters others and line ends. */
const PATTERNS = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];

export interface Damaged {
  /** What was done, for the message of a test that fails. */
  readonly what: string;
  readonly bytes: Buffer;
}

/** A file's content cut off at every place: a write that a crash or a full disk left half done. */
export function* truncations(whole: Buffer): Generator<Damaged> {
  for (let length = 0; length < whole.length; length++)
    yield { what: `cut after ${length} bytes`, bytes: whole.subarray(0, length) };
}

/** A file's content with every byte changed in several ways: what a disk may do to it. */
export function* flips(whole: Buffer): Generator<Damaged> {
  for (let at = 0; at < whole.length; at++) {
    for (const pattern of PATTERNS) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ pattern;
      yield { what: `byte ${at} changed by ${pattern}`, bytes };
    }
  }
}
