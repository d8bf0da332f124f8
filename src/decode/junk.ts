import type { Window } from './window.js';

const NEWLINE = 10;
const COLON = 58;
const COMMA = 44;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const CLOSE_ARRAY = 93;

/**
 * A stretch of bytes that belongs to no event, from `start` to the place where an event may begin again.
 * - Text between events ends at the next newline or `{`.
 * - What is left of a broken event (`remainder`) goes on over the lines that can only be its own: indented ones and
 *   those that begin with a closing bracket. So a broken pretty-printed event is one reject and not one a line. A `{` in
 *   it that follows a `:` is a member's value and begins nothing, except in column 0.
 */
export class Junk {
  at: number;
  /** What stood before `at`, white space aside. */
  #previous: number;
  #beforePrevious: number;
  #lineStart = false;

  constructor(
    readonly start: number,
    at: number,
    readonly remainder: { readonly detail: string } | undefined,
    previous = 0,
    beforePrevious = 0,
  ) {
    this.at = at;
    this.#previous = previous;
    this.#beforePrevious = beforePrevious;
  }

  /** True when `at` is the end of the stretch; false when more bytes are needed to tell. */
  advance(window: Window, last: boolean, arrayDepth: number, maxBytes: number): boolean {
    const end = Math.min(window.end, this.start + maxBytes);
    while (this.at < end) {
      const byte = window.byte(this.at);
      if (byte === NEWLINE) {
        if (this.remainder === undefined) return true;
        if (this.at + 1 >= window.end) return last;
        if (!continues(window.byte(this.at + 1), arrayDepth)) return true;
        this.#lineStart = true;
      } else if (byte !== 32 && byte !== 9 && byte !== 13) {
        if (byte === OPEN_OBJECT && this.#beginsEvent()) return true;
        this.#beforePrevious = this.#previous;
        this.#previous = byte;
        this.#lineStart = false;
      }
      this.at++;
    }
    return last || this.at >= this.start + maxBytes;
  }

  #beginsEvent(): boolean {
    if (this.remainder === undefined) return true;
    if (this.#lineStart) return this.#previous !== COLON;
    return this.#previous === CLOSE_OBJECT || (this.#previous === COMMA && this.#beforePrevious === CLOSE_OBJECT);
  }
}

/** Whether a line that begins with `byte` can be more of a broken pretty-printed event. */
function continues(byte: number, arrayDepth: number): boolean {
  return byte === 32 || byte === 9 || byte === CLOSE_OBJECT || (byte === CLOSE_ARRAY && arrayDepth === 0);
}
