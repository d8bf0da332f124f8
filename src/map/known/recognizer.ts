import { BufferPool } from '../../buffer-pool.js';
import type { BytesAtHand, DecodedRun, Recognition, Recognizer } from '../../record.js';
import { digestOf } from '../id.js';
import type { MapContext } from '../mapper.js';
import { INPUT_BYTES, MAX_ORIGIN_BYTES, MOST_TOLD, type Core } from './core.js';
import type { KnownList } from './known-list.js';
import { KnownRun } from './known-run.js';
import { DIGEST_CHARS, MISSING, MORE, OTHER_NAME, TOLD_WORDS } from './ops.js';
import { NAME } from './scan-words.js';

/** Larger events are parsed. */
const MAX_EVENT_BYTES = 16 * 1024;
/** Longest name of an event that is looked for. */
const MAX_NAME = 64;
const MAX_HEADER = 2048;
/** Most that is made for one event: more than the groups and rules that any list has, all of them anew once. */
const MOST_MADE = 64;
const NOTHING = Buffer.alloc(0);
/** Buffers for lines are made no smaller: a chunk's documents have about twice its bytes. */
const LEAST_LINES_BYTES = 320 * 1024;
const MOST_FREE_LINES = 8;

/** What the streams of a mapper share. */
export interface Known {
  readonly core: Core;
  /** What the assembly is told of an event's name. */
  readonly listOf: (name: string) => KnownList | undefined;
  readonly pool: BufferPool<Buffer>;
  /** Something went wrong that never should: all events are parsed. */
  isOff: boolean;
}

/** Each stream needs some of these for as long as its piece at hand is used. */
export function createLinesPool(): BufferPool<Buffer> {
  return new BufferPool((bytes) => Buffer.allocUnsafeSlow(Math.max(bytes, LEAST_LINES_BYTES)), MOST_FREE_LINES);
}

/** Recognizes events of a stream that stand in their bytes just as the vendor writes them, and makes their documents without parsing. */
export class FormRecognizer implements Recognizer {
  readonly #core: Core;
  readonly #listOf: (name: string) => KnownList | undefined;
  readonly #context: () => MapContext;
  /** Of the event before: most have the same name. */
  #list: KnownList | undefined;
  /** The bytes that the assembly has, from an index on up to another one, at its `input`. */
  #bytes: Buffer = NOTHING;
  #from = 0;
  #to = 0;
  readonly #known: Known;
  readonly #pool: BufferPool<Buffer>;
  /** The assembly has been told where and when the chunk was read. */
  #hasContext = false;
  /** Begin of the event for which something was made last, and how often. */
  #madeFor = -1;
  #made = 0;
  /** Of the runs since the last chunk, the last one with room behind `#written`. */
  #lines: Buffer[] = [];
  #written = 0;

  constructor(known: Known, context: () => MapContext) {
    const { core, listOf, pool } = known;
    this.#known = known;
    this.#core = core;
    this.#listOf = listOf;
    this.#pool = pool;
    this.#context = context;
  }

  forget(): void {
    this.#bytes = NOTHING;
    this.#hasContext = false;
    for (const lines of this.#lines) this.#pool.give(lines);
    this.#lines = [];
    this.#written = 0;
  }

  recognize(hand: BytesAtHand, at: number, arrayDepth: number, maxEventBytes: number): Recognition {
    if (this.#known.isOff) return undefined;
    try {
      return this.#recognize(hand, at, arrayDepth, maxEventBytes);
    } catch (error) {
      // Nothing of this call was given out: whatever is wrong here, all of it can be parsed.
      this.#known.isOff = true;
      process.emitWarning(`events are parsed from now on, which is slower: ${String(error)}`, { code: 'CCX_INTERNAL' });
      return undefined;
    }
  }

  #recognize(hand: BytesAtHand, offset: number, arrayDepth: number, maxEventBytes: number): Recognition {
    const { bytes, base } = hand;
    const from = offset - base;
    const end = hand.end - base;
    this.#list ??= this.#first(bytes, from, end);
    if (this.#list === undefined) return undefined;
    this.#give(bytes, from, end);
    if (!this.#setContext()) return undefined;
    this.#madeFor = -1;
    const { exports, told, output, canonical, input } = this.#core;
    const shift = input - this.#from;
    const limit = Math.min(MAX_EVENT_BYTES, maxEventBytes);
    let count = 0;
    let at = from + shift;
    let lines = output.from;
    let texts = canonical.from;
    for (let list: KnownList | undefined = this.#list; list !== undefined;) {
      const row = told + count * TOLD_WORDS * 4;
      count += exports.run(
        list.address,
        at,
        this.#to + shift,
        limit,
        lines,
        output.to,
        texts,
        canonical.to,
        row,
        MOST_TOLD - count,
      );
      at = exports.stoppedAt.value;
      lines = exports.written.value;
      texts = exports.canonicalWritten.value;
      list = this.#goOn(list, at - shift, end, limit);
    }
    if (count > 0) return this.#run(hand, shift, arrayDepth, count, lines);
    return this.#isCut(at - shift, end, limit) ? 'more' : undefined;
  }

  /** What to go on with where the assembly has stopped; undefined when it can't. */
  #goOn(list: KnownList, at: number, end: number, limit: number): KnownList | undefined {
    const { status, nameAt, missing, missingPlace } = this.#core.exports;
    if (status.value === MISSING)
      return this.#mayMake(at) && list.make(missing.value, missingPlace.value) ? list : undefined;
    if (status.value !== OTHER_NAME) return undefined;
    const name = nameAt.value - this.#core.input + this.#from;
    const other = this.#byName(this.#bytes, name, Math.min(end, at + limit));
    if (other === undefined || other === list) return undefined;
    return (this.#list = other);
  }

  /** Three things of an event that belong to one place, which has two, would drive each other out for ever. */
  #mayMake(event: number): boolean {
    this.#made = event === this.#madeFor ? this.#made + 1 : 1;
    this.#madeFor = event;
    return this.#made <= MOST_MADE;
  }

  /** Whether it is the end of the bytes that keeps an event from being recognized. */
  #isCut(at: number, end: number, limit: number): boolean {
    return this.#core.exports.status.value === MORE && at + limit > end;
  }

  /** Before there is a list to begin with, the name is searched for in what may be the header. */
  #first(bytes: Buffer, from: number, end: number): KnownList | undefined {
    const header = bytes.toString('latin1', from, Math.min(end, from + MAX_HEADER));
    return this.#byName(bytes, from + header.indexOf(NAME), end);
  }

  #byName(bytes: Buffer, at: number, end: number): KnownList | undefined {
    const name = bytes.toString('latin1', at, Math.min(at + NAME.length + MAX_NAME, end));
    return name.startsWith(NAME) ? this.#listOf(name.slice(NAME.length, name.indexOf('"', NAME.length))) : undefined;
  }

  /** Copies bytes to where the assembly reads them, unless they are there. */
  #give(bytes: Buffer, from: number, end: number): void {
    const isThere = this.#core.holder === this && bytes === this.#bytes && from >= this.#from && from < this.#to;
    if (isThere && (this.#to === end || from + MAX_EVENT_BYTES <= this.#to)) return;
    if (this.#core.holder !== this) this.#hasContext = false;
    this.#core.holder = this;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = Math.min(end, from + INPUT_BYTES);
    bytes.copy(this.#core.bytes, this.#core.input, from, this.#to);
  }

  /** False when the document's end is longer than there is room for. */
  #setContext(): boolean {
    if (this.#hasContext) return true;
    const { readAtBytes, originBytes } = this.#context();
    if (originBytes.length > MAX_ORIGIN_BYTES) return false;
    const { bytes, exports, readAt, origin } = this.#core;
    readAtBytes.copy(bytes, readAt);
    originBytes.copy(bytes, origin);
    exports.context(readAt, readAtBytes.length, origin, originBytes.length);
    return (this.#hasContext = true);
  }

  /** Takes the lines over, with what is still missing in their ids. */
  #run({ bytes, base }: BytesAtHand, shift: number, arrayDepth: number, count: number, end: number): DecodedRun {
    const { words, told, output } = this.#core;
    const rows = words.slice(told / 4, told / 4 + count * TOLD_WORDS);
    const lines = this.#room(end - output.from);
    this.#core.bytes.copy(lines, 0, output.from, end);
    for (let row = 0; row < rows.length; row += TOLD_WORDS) {
      const from = rows[row + 4] as number;
      const digest = digestOf(this.#core.bytes.subarray(from, rows[row + 5]));
      lines.write(digest, (rows[row + 3] as number) - output.from, DIGEST_CHARS, 'latin1');
    }
    return new KnownRun({
      ...{ told: rows, lines, linesFrom: output.from, buffer: bytes, shift },
      ...{ start: base, arrayDepth },
    });
  }

  /** Room for the lines of a run: all of a chunk's runs stay as they are until the next chunk. */
  #room(bytes: number): Buffer {
    let last = this.#lines.at(-1);
    if (last === undefined || this.#written + bytes > last.length) {
      this.#lines.push((last = this.#pool.take(bytes)));
      this.#written = 0;
    }
    const from = this.#written;
    this.#written += bytes;
    return last.subarray(from, this.#written);
  }
}
