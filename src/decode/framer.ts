import type { DecodedEvent, DecodedPiece, DecodedRun, RejectReason } from '../record.js';
import { Delimiter } from './delimiter.js';
import { Junk } from './junk.js';
import { bomEnd, lastBytes, lineWithin, trimEnd } from './look.js';
import { Oversize } from './oversize.js';
import { parsedEvent } from './parsed-event.js';
import { ScalarScan } from './scalar.js';
import { Scanner } from './scanner.js';
import type { FramerOptions, StreamFault } from './stream.js';
import { Window } from './window.js';

const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
/** First byte of a UTF-8 BOM. */
const BOM_FIRST = 0xef;
/** How often the bytes of a stream may be scanned, on average, before a broken value is given up as a whole. */
const MAX_SCANS = 6;

/**
 * Cuts the bytes of a stream into events and rejects. What the formats have in common is enough to read them all: values
 * with white space, commas and brackets between them.
 *
 * A broken value costs itself only: it is rejected up to the first `{` in column 0 inside what was read as its part, where
 * reading goes on, else up to the fault and what is certainly left of it (see `Junk`).
 */
export class Framer {
  readonly #window: Window;
  readonly #delimiter = new Delimiter();
  readonly #options: FramerOptions;
  #out: DecodedPiece[] = [];
  /** Everything before it is used up. */
  #at: number;
  #arrayDepth: number;
  #value: Scanner | undefined;
  /** The form of the value that is scanned may be known once more bytes of it are there. */
  #again = false;
  #scalarScan: ScalarScan | undefined;
  #junk: Junk | undefined;
  #oversize: Oversize | undefined;
  /** The scan of a value that turned out broken: it knows how far the values inside it were read. */
  #broken: Scanner | undefined;
  #lastEnd = -1;
  #fault: StreamFault | undefined;
  /** The end of the stream, or what is behind the last event, has been told of in a reject. */
  #endTold = false;
  readonly #begin: number;
  #scanned = 0;
  #scalarWork = 0;

  constructor(options: FramerOptions) {
    this.#options = options;
    this.#begin = this.#at = options.resume.offset;
    this.#arrayDepth = options.resume.arrayDepth;
    this.#window = new Window(this.#at);
  }

  /** Bytes that were looked at one by one, for the tests of how work is bounded. */
  get scannedBytes(): number {
    return this.#scanned + (this.#value?.work ?? 0) + this.#scalarWork + (this.#scalarScan?.work ?? 0);
  }

  /**
   * Takes the next bytes and gives what is complete with them: events are to be used before the next call. The chunk must not be
   * changed before the call after that.
   */
  push(chunk: Buffer): DecodedPiece[] {
    this.#window.append(chunk, this.#at);
    this.#delimiter.forget();
    this.#options.recognizer?.forget();
    this.#run(false);
    return this.#take();
  }

  /** Ends the stream. What is unfinished becomes one reject, with the reason of `fault` if the stream is at fault. */
  finish(fault?: StreamFault): DecodedPiece[] {
    this.#fault = fault;
    this.#run(true);
    const end = this.#window.end;
    if (this.#fault !== undefined) this.#reject(this.#fault.reason, this.#fault.detail, end);
    else if (this.#arrayDepth > 0 && !this.#endTold) this.#reject('truncated', 'the array is never closed', end);
    return this.#take();
  }

  #take(): DecodedPiece[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #run(last: boolean): void {
    while (this.#step(last));
  }

  /** One value or stretch, or a part of it; false when there is nothing more to do with the bytes at hand. */
  #step(last: boolean): boolean {
    if (this.#value !== undefined) return this.#goOn(this.#value, last);
    if (this.#junk !== undefined) return this.#skipJunk(this.#junk, last);
    if (this.#oversize !== undefined) return this.#skipOversize(this.#oversize, last);
    return this.#next(last);
  }

  /** Between values: on to the next one. */
  #next(last: boolean): boolean {
    const { bytes, base, end } = this.#window;
    let i = this.#at - base;
    for (const stop = end - base; i < stop; i++) {
      const byte = bytes[i] as number;
      if (byte !== 10 && byte !== 44 && byte !== 32 && byte !== 13 && byte !== 9) break;
    }
    this.#at = base + i;
    if (this.#at === end) return false;
    const byte = bytes[i] as number;
    if (byte === OPEN_OBJECT) return this.#object();
    if (byte === BOM_FIRST) return this.#bom(last);
    if (byte === OPEN_ARRAY || (byte === CLOSE_ARRAY && this.#arrayDepth > 0)) return this.#bracket(byte);
    return this.#scalar(last);
  }

  /** An array inside an array is not told apart: what counts is whether reading stands inside of one. */
  #bracket(byte: number): true {
    this.#arrayDepth = byte === OPEN_ARRAY ? 1 : 0;
    this.#lastEnd = -1;
    this.#endTold = false;
    this.#at++;
    return true;
  }

  #bom(last: boolean): boolean {
    const end = bomEnd(this.#window, this.#at, last);
    if (end === undefined) return false;
    if (end < 0) this.#junk = new Junk(this.#at, this.#at, undefined);
    else this.#at = end;
    return true;
  }

  #scalar(last: boolean): boolean {
    const scan = (this.#scalarScan ??= new ScalarScan(this.#at));
    const end = scan.end(this.#window, last, this.#options.maxEventBytes);
    if (end === undefined) return false;
    this.#scalarWork += scan.work;
    this.#scalarScan = undefined;
    if (end < 0) this.#junk = new Junk(this.#at, this.#at, undefined);
    else this.#reject('not_an_object', 'a JSON value, but not an object', end);
    return true;
  }

  #object(): boolean {
    if (this.#lastEnd >= this.#window.base) this.#delimiter.learn(this.#window.latin1(this.#lastEnd, this.#at));
    this.#lastEnd = -1;
    const known = this.#recognize();
    if (known === true) return true;
    // A guess looks for the beginning of the next event, which is not there.
    if (known !== 'more' && this.#delimiter.ready() && this.#guess()) return true;
    this.#startScan(known === 'more');
    return true;
  }

  /** Takes the event at hand, and those behind it, when their form is known; `more` when the next bytes may show that it is. */
  #recognize(): boolean | 'more' {
    const { recognizer, maxEventBytes } = this.#options;
    if (recognizer === undefined) return false;
    const found = recognizer.recognize(this.#window, this.#at, this.#arrayDepth, maxEventBytes);
    if (found === undefined || found === 'more') return found ?? false;
    this.#emit(found);
    this.#at = found.end.offset;
    return true;
  }

  #startScan(again: boolean): void {
    this.#again = again;
    const known = this.#broken;
    if (known?.adopt(this.#at) === true) {
      this.#broken = undefined;
      this.#value = known;
      this.#again = false;
      return;
    }
    this.#value = new Scanner(this.#at);
  }

  /** Decodes events as long as the delimiter is where it should be; false when not one was. */
  #guess(): boolean {
    const delimiter = this.#delimiter;
    const chars = this.#window.chars(this.#at);
    const base = this.#window.charsBase;
    const first = this.#at - base;
    let start = first;
    for (;;) {
      const close = delimiter.next(chars, start + 1);
      if (close < 0 || close + 1 - start > this.#options.maxEventBytes) break;
      const event = this.#parse(base + start, base + close + 1, chars.slice(start, close + 1));
      if (event === undefined) {
        delimiter.wrong();
        break;
      }
      delimiter.right();
      this.#emit(event);
      start = close + delimiter.text.length - 1;
      // The next event may be one whose form is known.
      if (this.#options.recognizer !== undefined) break;
    }
    this.#at = base + start;
    return start > first;
  }

  /** With a value whose end was not there: when its form is known the scan so far was for nothing. */
  #goOn(scanner: Scanner, last: boolean): boolean {
    if (this.#again && scanner.work > 0) {
      this.#again = false;
      if (this.#recognize() === true) return this.#leaveScan(scanner);
    }
    return this.#scan(scanner, last);
  }

  #scan(scanner: Scanner, last: boolean): boolean {
    const { bytes, base, end } = this.#window;
    const limit = this.#at + this.#options.maxEventBytes;
    const verdict = scanner.run(bytes, base, Math.min(end, limit));
    if (verdict === 'end') return this.#endOfValue(scanner);
    if (verdict === 'bad') return this.#resync(scanner, 'invalid_json', `${scanner.fault} at byte ${scanner.at}`);
    if (end > limit) return this.#resync(scanner, 'too_large', this.#tooLarge());
    if (!last) return false;
    scanner.at = end;
    return this.#resync(scanner, 'truncated', 'the event is cut off by the end of the data');
  }

  #endOfValue(scanner: Scanner): true {
    this.#leaveScan(scanner);
    const end = scanner.at;
    const event = this.#parse(this.#at, end);
    if (event === undefined) return this.#reject('invalid_json', 'not JSON', end);
    this.#emit(event);
    this.#at = this.#lastEnd = end;
    return true;
  }

  /** Rejects a broken value and finds the place from which the next one can be read. */
  #resync(scanner: Scanner, reason: RejectReason, detail: string): true {
    this.#leaveScan(scanner);
    const fault = scanner.at;
    const line = this.#exhausted() ? -1 : lineWithin(this.#window, this.#at, fault);
    if (line >= 0) {
      this.#broken = scanner;
      const unclosed = reason === 'truncated';
      return this.#reject(unclosed ? 'invalid_json' : reason, unclosed ? 'the event is never closed' : detail, line);
    }
    if (reason === 'too_large') return this.#startOversize(scanner);
    if (reason === 'truncated') return this.#rejectRest(reason, detail);
    if (this.#window.byte(fault) === OPEN_OBJECT) return this.#reject(reason, detail, fault);
    const [before, previous] = lastBytes(this.#window, this.#at, fault);
    this.#junk = new Junk(this.#at, fault, { detail }, previous, before);
    return true;
  }

  #leaveScan(scanner: Scanner): true {
    this.#scanned += scanner.work;
    scanner.work = 0;
    this.#value = undefined;
    return true;
  }

  #exhausted(): boolean {
    const { maxEventBytes } = this.#options;
    return this.#scanned > MAX_SCANS * (this.#window.end - this.#begin + maxEventBytes);
  }

  #startOversize(scanner: Scanner): true {
    const raw = this.#window.slice(this.#at, Math.min(scanner.at, this.#at + this.#options.rejectRawBytes));
    this.#oversize = new Oversize(this.#at, Buffer.from(raw), scanner.at, scanner);
    this.#at = scanner.at;
    return true;
  }

  #skipOversize(oversize: Oversize, last: boolean): boolean {
    const ended = oversize.advance(this.#window);
    this.#at = oversize.at;
    if (!ended && !last) return false;
    this.#oversize = undefined;
    const { start, raw } = oversize;
    this.#push('too_large', this.#tooLarge(), { raw, start, length: this.#at - start });
    return true;
  }

  #tooLarge(): string {
    return `larger than ${this.#options.maxEventBytes} bytes`;
  }

  #skipJunk(junk: Junk, last: boolean): boolean {
    if (!junk.advance(this.#window, last, this.#arrayDepth, this.#options.maxEventBytes)) return false;
    this.#junk = undefined;
    const detail = junk.remainder?.detail ?? 'text that is no JSON';
    this.#reject('invalid_json', detail, junk.at);
    this.#endTold = junk.remainder !== undefined;
    return true;
  }

  /** Rejects everything that is left: the one piece that tells how the stream ended. */
  #rejectRest(reason: RejectReason, detail: string): true {
    const told = this.#fault ?? { reason, detail };
    this.#fault = undefined;
    this.#reject(told.reason, told.detail, this.#window.end);
    return (this.#endTold = true);
  }

  #parse(start: number, end: number, latin1?: string): DecodedEvent | undefined {
    return parsedEvent(this.#window, start, { offset: end, arrayDepth: this.#arrayDepth }, latin1);
  }

  #emit(event: DecodedEvent | DecodedRun): void {
    this.#out.push(event);
    this.#endTold = false;
  }

  /** Rejects the bytes from here to `to`, without white space at their end. */
  #reject(reason: RejectReason, detail: string, to: number): true {
    const start = this.#at;
    const piece = trimEnd(this.#window.slice(start, to));
    this.#at = to;
    this.#lastEnd = -1;
    const raw = Buffer.from(piece.subarray(0, this.#options.rejectRawBytes));
    return this.#push(reason, detail, { raw, start, length: piece.length });
  }

  #push(reason: RejectReason, detail: string, piece: { raw: Buffer; start: number; length: number }): true {
    this.#endTold = false;
    const end = { offset: this.#at, arrayDepth: this.#arrayDepth };
    this.#out.push({ kind: 'reject', reason, detail, ...piece, end });
    return true;
  }
}
