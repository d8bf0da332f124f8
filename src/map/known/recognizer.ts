import type { Recognition, Recognizer } from '../../record.js';
import { MAX_EVENT_BYTES } from './known-document.js';
import type { KnownList } from './known-list.js';
import { MORE, NAME, OTHER_NAME } from './scan-source.js';

/** Longest name of an event that is looked for. */
const MAX_NAME = 64;
const MAX_HEADER = 2048;

/** Recognizes events that stand in their bytes just as the vendor writes them, which then need no parsing. */
export class FormRecognizer implements Recognizer {
  readonly #listOf: (name: string) => KnownList | undefined;
  /** Of the event before: most have the same name. */
  #list: KnownList | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(this.#bytes.buffer);

  constructor(listOf: (name: string) => KnownList | undefined) {
    this.#listOf = listOf;
  }

  recognize(bytes: Buffer, from: number, limit: number): Recognition {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const list = this.#list;
    if (list === undefined) return this.#first(from, limit);
    const to = list.scan(bytes, this.#view, from, limit);
    if (to >= 0) return this.#take(list, from, to);
    if (to === MORE) return 'more';
    return to === OTHER_NAME ? this.#byName(list.nameAt, from, limit) : undefined;
  }

  /** Before there is a list to begin with, the name is searched for in what may be the header. */
  #first(from: number, limit: number): Recognition {
    const header = this.#bytes.toString('latin1', from, Math.min(limit, from + MAX_HEADER));
    return this.#byName(from + header.indexOf(NAME), from, limit);
  }

  #byName(at: number, from: number, limit: number): Recognition {
    const name = this.#bytes.toString('latin1', at, Math.min(at + NAME.length + MAX_NAME, limit));
    if (!name.startsWith(NAME)) return undefined;
    const list = this.#listOf(name.slice(NAME.length, name.indexOf('"', NAME.length)));
    if (list === undefined || list === this.#list) return undefined;
    this.#list = list;
    const to = list.scan(this.#bytes, this.#view, from, limit);
    if (to >= 0) return this.#take(list, from, to);
    return to === MORE ? 'more' : undefined;
  }

  #take(list: KnownList, from: number, to: number): Recognition {
    return to - from > MAX_EVENT_BYTES ? undefined : list.take(this.#bytes, this.#view, from, to);
  }
}
