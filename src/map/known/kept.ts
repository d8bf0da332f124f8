/** What is made of one combination of a group's values; never changed once it is kept. */
export interface Made {
  /** Whether all of it is ASCII. */
  readonly ascii: boolean;
}

/** Sets of two that what is kept is spread over by its hash; the one used last stands first. */
const SETS = 8192;
/** Bytes by which it is known. Past it the memory starts anew, so that it stays bounded whatever the traffic. */
const MAX_BYTES = 4 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** Longer ones are not kept: names in an event may be as long as an event may be. */
export const MAX_KEPT_BYTES = 16 * 1024;

interface Entry {
  /** Where its bytes begin: of each run its length, four bytes long, and itself. */
  readonly at: number;
  readonly made: Made;
}

/**
 * Remembers what was made of a group's values by the very bytes in which they stood: finding it again takes a hash of a few bytes
 * and a comparison of all, and no text.
 */
export class Kept {
  readonly #runs: readonly number[];
  readonly #keyMark: number;
  #entries: (Entry | undefined)[] = [];
  #bytes = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /** @param runs marks of the group's runs; @param keyMark of the bytes that lead to what is kept */
  constructor(runs: readonly number[], keyMark: number) {
    this.#runs = runs;
    this.#keyMark = keyMark;
  }

  find(view: DataView, marks: Int32Array): Made | undefined {
    const set = this.#setOf(view, marks);
    const first = this.#entries[set];
    if (first === undefined) return undefined;
    if (this.#isSame(first, view, marks)) return first.made;
    const second = this.#entries[set + 1];
    if (second === undefined || !this.#isSame(second, view, marks)) return undefined;
    this.#entries[set] = second;
    this.#entries[set + 1] = first;
    return second.made;
  }

  /** Keeps what was made of the bytes at these marks, which are no more than {@link MAX_KEPT_BYTES}. */
  add(bytes: Buffer, view: DataView, marks: Int32Array, made: Made): void {
    this.#makeRoom();
    const set = this.#setOf(view, marks);
    this.#entries[set + 1] = this.#entries[set];
    this.#entries[set] = { at: this.#size, made };
    for (const run of this.#runs) {
      const from = marks[run] as number;
      const to = marks[run + 1] as number;
      this.#view.setInt32(this.#size, to - from, true);
      this.#size += 4 + bytes.copy(this.#bytes, this.#size + 4, from, to);
    }
  }

  #makeRoom(): void {
    // Room for one more, and for the words read at its end.
    if (this.#size + 2 * MAX_KEPT_BYTES <= this.#bytes.length) return;
    if (this.#bytes.length >= MAX_BYTES || this.#entries.length === 0) {
      this.#entries = new Array<Entry | undefined>(2 * SETS).fill(undefined);
      this.#size = 0;
      if (this.#bytes.length > 0) return;
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #setOf(view: DataView, marks: Int32Array): number {
    let at = marks[this.#keyMark] as number;
    const last = (marks[this.#keyMark + 1] as number) - 4;
    let hash = last - at;
    if (hash >= 0) {
      for (; at < last; at += 4) hash = mixed(hash, view.getInt32(at, true));
      hash = mixed(hash, view.getInt32(last, true));
    }
    return ((hash ^ (hash >>> 17)) & (SETS - 1)) * 2;
  }

  #isSame(entry: Entry, view: DataView, marks: Int32Array): boolean {
    const kept = this.#view;
    let own = entry.at;
    for (const run of this.#runs) {
      let at = marks[run] as number;
      const to = marks[run + 1] as number;
      const length = to - at;
      if (kept.getInt32(own, true) !== length) return false;
      own += 4;
      if (length === 0) continue;
      // A run holds a key, so it has four bytes at least; the last four are compared even where that is some of them again.
      // Eight bytes are compared as a number: it differs when they do, but for zero and minus zero, whose bytes are no JSON.
      for (const last = to - 8; at <= last; at += 8, own += 8) {
        if (kept.getFloat64(own, true) !== view.getFloat64(at, true)) return false;
      }
      if (at < to - 4) {
        if (kept.getInt32(own, true) !== view.getInt32(at, true)) return false;
        at += 4;
        own += 4;
      }
      own += to - 4 - at;
      if (kept.getInt32(own, true) !== view.getInt32(to - 4, true)) return false;
      own += 4;
    }
    return true;
  }
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
