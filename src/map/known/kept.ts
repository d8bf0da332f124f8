import type { Core } from './core.js';
import { RECORD_HEAD, SLACK } from './ops.js';

/** Larger ones are not kept: names in an event may be as long as an event may be. */
const MAX_RECORD_BYTES = 256 * 1024;

/** Values of variables that are asked for when several records together decide something. */
export type Values = Readonly<Record<string, unknown>>;

/** What was made of some values: the finished pieces of documents. */
export interface Made {
  readonly pieces: readonly string[];
  readonly values: Values;
}

/** Remembers what was made of a group's values by the very bytes in which they stood, for the assembly to find. */
export class Kept {
  readonly #core: Core;
  readonly #values = new Map<number, Values>();
  #at: number;

  constructor(core: Core) {
    this.#core = core;
    this.#at = core.kept.from;
  }

  /** Of a record that the event at hand has. */
  values(record: number): Values {
    return this.#values.get(record) ?? {};
  }

  /**
   * Keeps a record.
   *
   * @param place where the assembly looked for it
   * @param key the bytes by which it is known, as `BY_BYTES` and `BY_PARTS` have them
   * @returns false when it is too large to be kept; else the event is to be looked at again
   */
  add(place: number, id: number, key: Buffer, { pieces, values }: Made): boolean {
    const texts = pieces.map((piece) => Buffer.from(piece));
    const directory = RECORD_HEAD + aligned(key.length);
    const size = aligned(texts.reduce((sum, { length }) => sum + length, directory + 8 * texts.length)) + SLACK;
    if (size > MAX_RECORD_BYTES) return false;
    const { bytes, words, kept, table } = this.#core;
    if (this.#at + size > kept.to - SLACK) {
      // Everything goes: it is made again when it comes again. What this one was made of may be gone with it.
      bytes.fill(0, table.from, table.to);
      this.#values.clear();
      this.#at = kept.from;
      return true;
    }
    const record = this.#at;
    this.#at += size;
    words[record / 4] = id;
    words[record / 4 + 1] = record + directory;
    key.copy(bytes, record + RECORD_HEAD);
    let at = record + directory + 8 * texts.length;
    for (const [i, text] of texts.entries()) {
      words[(record + directory) / 4 + 2 * i] = at;
      words[(record + directory) / 4 + 2 * i + 1] = text.length;
      at += text.copy(bytes, at);
    }
    words[place / 4 + 1] = words[place / 4] as number;
    words[place / 4] = record;
    if (Object.keys(values).length > 0) this.#values.set(record, values);
    return true;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
