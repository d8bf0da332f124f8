import type { DecodedRun, Position } from '../../record.js';
import { TOLD_WORDS } from './ops.js';

/** What a run is made of; it can be sent to another thread. */
export interface RunParts {
  /** As TOLD_WORDS says, of each event. */
  readonly told: Int32Array;
  readonly lines: Buffer;
  /** What `told` calls the first line. */
  readonly linesFrom: number;
  readonly buffer: Buffer;
  /** By how much what `told` says of events is more than indexes of `buffer`. */
  readonly shift: number;
  /** Offset in the stream of `buffer[0]`. */
  readonly start: number;
  readonly arrayDepth: number;
}

/** Events as they are told of by the assembly, and the lines of a bulk request that it has made of them. */
export class KnownRun implements DecodedRun {
  readonly kind = 'run';
  readonly count: number;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: Position;
  readonly lines: Buffer;
  readonly #parts: RunParts;
  readonly #times: Float64Array;

  constructor(parts: RunParts) {
    const { told, lines, buffer, start, arrayDepth } = parts;
    this.#parts = parts;
    this.#times = new Float64Array(told.buffer, told.byteOffset, told.length / 2);
    this.count = told.length / TOLD_WORDS;
    this.buffer = buffer;
    this.lines = lines;
    this.start = start;
    this.end = { offset: start + this.to(this.count - 1), arrayDepth };
  }

  from(event: number): number {
    const { told, shift } = this.#parts;
    return (told[event * TOLD_WORDS] as number) - shift;
  }

  to(event: number): number {
    const { told, shift } = this.#parts;
    return (told[event * TOLD_WORDS + 1] as number) - shift;
  }

  lineEnd(event: number): number {
    const { told, linesFrom } = this.#parts;
    return event < 0 ? 0 : (told[event * TOLD_WORDS + 2] as number) - linesFrom;
  }

  time(event: number): number {
    return this.#times[(event * TOLD_WORDS) / 2 + 3] as number;
  }
}
