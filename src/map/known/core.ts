import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packagePath } from '../../package-root.js';
import { SLACK, TOLD_WORDS } from './ops.js';

/** What `assembly/core.ts` gives out. */
interface Exports {
  place(marks: number, records: number, table: number, places: number, seed: number): void;
  context(readAt: number, readAtBytes: number, origin: number, originBytes: number): void;
  run(
    list: number,
    from: number,
    end: number,
    maxEvent: number,
    out: number,
    outLimit: number,
    canonical: number,
    canonicalLimit: number,
    told: number,
    most: number,
  ): number;
  readonly status: WebAssembly.Global;
  readonly stoppedAt: WebAssembly.Global;
  readonly nameAt: WebAssembly.Global;
  readonly missing: WebAssembly.Global;
  readonly missingPlace: WebAssembly.Global;
  readonly written: WebAssembly.Global;
  readonly canonicalWritten: WebAssembly.Global;
}

const KIB = 1024;
const PAGE = 64 * KIB;
/** Of the assembly itself. */
const OWN_BYTES = PAGE;
export const MOST_MARKS = KIB;
export const MOST_RECORDS = 256;
const READ_AT_BYTES = 64;
/** Longer members that tell where events were read are not taken. */
export const MAX_ORIGIN_BYTES = 8 * KIB;
/** Most events in one run: of the smallest that a chunk of input may hold. */
export const MOST_TOLD = 1024;
const TOLD_BYTES = MOST_TOLD * TOLD_WORDS * 4;
/** Two records each. */
const PLACES = 32 * KIB;
export const INPUT_BYTES = 256 * KIB;
const OUTPUT_BYTES = 640 * KIB;
const CANONICAL_BYTES = 128 * KIB;
const DESCRIPTION_BYTES = 768 * KIB;
/** What is kept of values that repeat. Past it the memory starts anew, so that it stays bounded whatever the traffic. */
const KEPT_BYTES = 12 * KIB * KIB;

/** A stretch of memory. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The assembly with its memory. */
export class Core {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly exports: Exports;
  readonly marks: number;
  readonly records: number;
  readonly told: number;
  readonly readAt: number;
  readonly origin: number;
  readonly input: number;
  readonly output: Stretch;
  readonly canonical: Stretch;
  readonly table: Stretch;
  readonly kept: Stretch;
  readonly #description: Stretch;
  readonly #texts = new Map<string, readonly [address: number, bytes: number]>();
  #end = OWN_BYTES;
  #described: number;

  /** The recognizer whose bytes are at `input`. */
  holder: object | undefined;

  /** @param places a power of two */
  constructor(module: WebAssembly.Module, places: number) {
    const stretch = (bytes: number): Stretch => {
      const from = this.#end;
      this.#end += Math.ceil((bytes + SLACK) / SLACK) * SLACK;
      return { from, to: this.#end };
    };
    this.marks = stretch(MOST_MARKS * 4).from;
    this.records = stretch(MOST_RECORDS * 4).from;
    this.readAt = stretch(READ_AT_BYTES).from;
    this.origin = stretch(MAX_ORIGIN_BYTES).from;
    this.told = stretch(TOLD_BYTES).from;
    this.input = stretch(INPUT_BYTES).from;
    this.output = stretch(OUTPUT_BYTES);
    this.canonical = stretch(CANONICAL_BYTES);
    this.#description = stretch(DESCRIPTION_BYTES);
    this.table = stretch(places * 8);
    this.kept = stretch(KEPT_BYTES);
    this.#described = this.#description.from;
    const pages = Math.ceil((this.#end + SLACK) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.bytes = Buffer.from(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
    // Nobody who chooses names can know which of them belong to the same place.
    this.exports.place(this.marks, this.records, this.table.from, places, randomInt(2 ** 31));
  }

  /** Puts words of a description into memory. @returns their address @throws RangeError when there are too many */
  describe(words: readonly number[]): number {
    const address = this.#room(words.length * 4);
    this.words.set(words, address / 4);
    return address;
  }

  /** Puts a text into memory, once. @returns its address and how many bytes it has */
  text(text: string): readonly [address: number, bytes: number] {
    let found = this.#texts.get(text);
    if (found === undefined) {
      const bytes = Buffer.from(text);
      const address = this.#room(bytes.length);
      bytes.copy(this.bytes, address);
      this.#texts.set(text, (found = [address, bytes.length]));
    }
    return found;
  }

  word(address: number): number {
    return this.words[address / 4] as number;
  }

  /** The number at a mark. */
  mark(number: number): number {
    return this.word(this.marks + 4 * number);
  }

  #room(bytes: number): number {
    const address = this.#described;
    const end = address + Math.ceil(bytes / 4) * 4;
    if (end > this.#description.to - SLACK) throw new RangeError('the field lists are too long for the assembly');
    this.#described = end;
    return address;
  }
}

let compiled: WebAssembly.Module | 'none' | undefined;

/** Undefined where the processor has no such instructions: then every event is parsed. */
export function createCore(places = PLACES): Core | undefined {
  compiled ??= compile();
  return compiled === 'none' ? undefined : new Core(compiled, places);
}

function compile(): WebAssembly.Module | 'none' {
  const bytes = readFileSync(packagePath('dist/core.wasm'));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : 'none';
}
