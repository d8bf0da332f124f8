import { isWordByte } from './scanner.js';
import type { Window } from './window.js';

const QUOTE = 34;
const BACKSLASH = 92;
/** What can stand behind a value: white space, comma, brackets. */
const BEHIND = new Set([9, 10, 13, 32, 44, 91, 93, 123]);

/** Looks for the end of the JSON string, number or word that begins at `start`. Goes on where it stopped when more bytes come. */
export class ScalarScan {
  readonly #start: number;
  /** The next byte to look at. */
  #at: number;

  constructor(start: number) {
    this.#start = start;
    this.#at = start;
  }

  /** Bytes looked at in all. */
  get work(): number {
    return this.#at - this.#start;
  }

  /** Offset behind it; -1 when it is no such value, undefined when more bytes are needed to tell. */
  end(window: Window, last: boolean, maxBytes: number): number | undefined {
    const quoted = window.byte(this.#start) === QUOTE;
    const end = quoted ? this.#stringEnd(window) : this.#wordEnd(window);
    if (end < 0 || end - this.#start > maxBytes) return -1;
    if (end >= window.end && !last) return undefined;
    if (end > window.end || (end < window.end && !BEHIND.has(window.byte(end)))) return -1;
    return isJson(window.text(this.#start, end).text) ? end : -1;
  }

  /** Offset behind the closing quote, one behind the window's end when it is not there, -1 for a control character. */
  #stringEnd(window: Window): number {
    if (this.#at === this.#start) this.#at++;
    for (; this.#at < window.end; this.#at++) {
      const byte = window.byte(this.#at);
      if (byte === QUOTE) return this.#at + 1;
      if (byte < 32) return -1;
      if (byte !== BACKSLASH) continue;
      // What is escaped has to be there before the backslash is done with.
      if (this.#at + 1 === window.end) break;
      this.#at++;
    }
    return window.end + 1;
  }

  #wordEnd(window: Window): number {
    while (this.#at < window.end && isWordByte(window.byte(this.#at))) this.#at++;
    return this.#at;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
