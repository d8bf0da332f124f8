import type { Window } from './window.js';

const NEWLINE = 10;
const OPEN_OBJECT = 123;

/**
 * Runs over an event that is larger than allowed without keeping it. Its end is where its brackets are balanced, or
 * earlier where a string is broken by a newline or a `{` stands in column 0, which only a new event does.
 */
export class Oversize {
  /** The event's first bytes. */
  readonly raw: Buffer;
  #depth: number;
  #inString: boolean;
  #escaped = false;
  #newline = false;

  constructor(
    readonly start: number,
    raw: Buffer,
    public at: number,
    state: { readonly depth: number; readonly inString: boolean },
  ) {
    this.raw = raw;
    this.#depth = state.depth;
    this.#inString = state.inString;
  }

  /** True when `at` is the end of the event. */
  advance(window: Window): boolean {
    for (; this.at < window.end; this.at++) {
      const byte = window.byte(this.at);
      if (this.#newline && byte === OPEN_OBJECT) return true;
      this.#newline = byte === NEWLINE;
      if (this.#inString) {
        if (byte === NEWLINE) return true;
        this.#inStringByte(byte);
      } else if (byte === 34) this.#inString = true;
      else if (byte === OPEN_OBJECT || byte === 91) this.#depth++;
      else if ((byte === 125 || byte === 93) && --this.#depth === 0) {
        this.at++;
        return true;
      }
    }
    return false;
  }

  #inStringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === 92) this.#escaped = true;
    else if (byte === 34) this.#inString = false;
  }
}
