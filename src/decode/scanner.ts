/** What a scan came to: the value is complete, more bytes are needed, or it cannot be JSON any more. */
export type Verdict = 'end' | 'more' | 'bad';

const VALUE = 0;
const FIRST_KEY = 1;
const KEY = 2;
const COLON = 3;
const NEXT = 4;
const FIRST_ITEM = 5;
const STRING = 6;
const WORD = 7;

const QUOTE = 34;
const COMMA = 44;
const COLON_BYTE = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const WORD_RULE = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;

/**
 * Finds the end of one JSON object by the full grammar of RFC 8259, so that a fault is seen at the first byte that
 * cannot belong to it and not only when brackets fail to balance. It can stop at any byte and go on with more.
 *
 * It remembers where every open bracket stands. When the value turns out broken, a value nested in it may be a neighbour
 * that it swallowed; `adopt` then goes on from what is already known of that one instead of reading its bytes again.
 * Without that, a file of `{"a":[` lines would take time in the square of its size.
 *
 * All positions are byte offsets in the decompressed stream.
 */
export class Scanner {
  /** The next byte to look at; after `bad`, the byte that cannot be. */
  at: number;
  /** Why the last verdict was `bad`. */
  fault = '';
  /** Bytes looked at in all, for bounding the work. */
  work = 0;
  readonly #origin: number;
  /** Open brackets, outermost first: offset from #origin, doubled, plus one for an array. */
  readonly #open: number[] = [];
  #bottom = 0;
  #state = VALUE;
  #afterString = NEXT;
  #wordStart = 0;

  /** @param start offset of the value's `{` */
  constructor(start: number) {
    this.#origin = start;
    this.at = start;
  }

  get depth(): number {
    return this.#open.length - this.#bottom;
  }

  get inString(): boolean {
    return this.#state === STRING;
  }

  /** Goes on as the scan of the object that starts at `start`, when that one is still open. */
  adopt(start: number): boolean {
    const index = this.#indexOf((start - this.#origin) * 2);
    if (index < 0) return false;
    this.#bottom = index;
    return true;
  }

  /** Looks at the bytes up to `limit` (an offset); `bytes[0]` stands at offset `base`. */
  run(bytes: Buffer, base: number, limit: number): Verdict {
    const from = this.at;
    const verdict = this.#run(bytes, base, limit - base);
    this.work += this.at - from;
    return verdict;
  }

  #run(bytes: Buffer, base: number, end: number): Verdict {
    let i = this.at - base;
    while (i < end) {
      const byte = bytes[i] as number;
      if (this.#state === STRING) {
        i = this.#string(bytes, i, end);
        if (i < 0) return this.#stop(base, ~i);
        if (this.#state === STRING) break;
      } else if (this.#state === WORD) {
        while (i < end && isWordByte(bytes[i] as number)) i++;
        if (i === end) break;
        if (!WORD_RULE.test(bytes.toString('latin1', this.#wordStart - base, i)))
          return this.#bad(base, i, 'not a JSON value');
        this.#state = NEXT;
      } else if (byte === 32 || byte === 10 || byte === 13 || byte === 9) {
        i++;
      } else if (!this.#token(byte, base + i)) {
        return this.#bad(base, i, unexpected(byte));
      } else {
        i++;
        if (this.#open.length === this.#bottom) {
          this.at = base + i;
          return 'end';
        }
      }
    }
    this.at = base + i;
    return 'more';
  }

  /** Index after the string or where it stops for lack of bytes; `~index` of the byte at fault. */
  #string(bytes: Buffer, start: number, end: number): number {
    let i = start;
    while (i < end) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) {
        this.#state = this.#afterString;
        return i + 1;
      }
      if (byte < 32) {
        this.fault = 'a control character inside a string';
        return ~i;
      }
      if (byte === BACKSLASH) {
        const length = escapeLength(bytes, i, end);
        if (length === 0) return i;
        if (length < 0) {
          this.fault = 'an unknown escape inside a string';
          return ~i;
        }
        i += length;
      } else i++;
    }
    return i;
  }

  /** Takes one byte that is neither white space nor inside a string or word; false when the grammar can't have it. */
  #token(byte: number, at: number): boolean {
    const state = this.#state;
    if (state === NEXT) {
      if (byte === COMMA) {
        this.#state = this.#inArray() ? VALUE : KEY;
        return true;
      }
      return this.#close(byte);
    }
    if (state === COLON) {
      this.#state = VALUE;
      return byte === COLON_BYTE || this.#undo(COLON);
    }
    if (state === FIRST_KEY || state === KEY) {
      if (byte === QUOTE) {
        this.#state = STRING;
        this.#afterString = COLON;
        return true;
      }
      return state === FIRST_KEY && this.#close(byte);
    }
    return this.#value(byte, at) || (state === FIRST_ITEM && this.#close(byte));
  }

  #value(byte: number, at: number): boolean {
    if (byte === QUOTE) {
      this.#state = STRING;
      this.#afterString = NEXT;
    } else if (byte === OPEN_OBJECT) {
      this.#open.push((at - this.#origin) * 2);
      this.#state = FIRST_KEY;
    } else if (byte === OPEN_ARRAY) {
      this.#open.push((at - this.#origin) * 2 + 1);
      this.#state = FIRST_ITEM;
    } else if (isWordByte(byte)) {
      this.#state = WORD;
      this.#wordStart = at;
    } else return false;
    return true;
  }

  #close(byte: number): boolean {
    if (byte !== (this.#inArray() ? CLOSE_ARRAY : CLOSE_OBJECT)) return false;
    this.#open.pop();
    this.#state = NEXT;
    return true;
  }

  #inArray(): boolean {
    return (this.#open[this.#open.length - 1] as number) % 2 === 1;
  }

  #undo(state: number): false {
    this.#state = state;
    return false;
  }

  #bad(base: number, index: number, fault: string): 'bad' {
    this.fault = fault;
    return this.#stop(base, index);
  }

  #stop(base: number, index: number): 'bad' {
    this.at = base + index;
    return 'bad';
  }

  #indexOf(entry: number): number {
    let low = this.#bottom;
    let high = this.#open.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#open[middle] as number;
      if (found === entry) return middle;
      if (found < entry) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** Length of the escape at `index`; 0 when bytes are missing, -1 when there is no such escape. */
function escapeLength(bytes: Buffer, index: number, end: number): number {
  if (index + 1 >= end) return 0;
  const letter = bytes[index + 1] as number;
  if (letter !== 117) return '"\\/bfnrt'.includes(String.fromCharCode(letter)) ? 2 : -1;
  for (let i = index + 2; i < index + 6; i++) {
    if (i >= end) return 0;
    if (!isHex(bytes[i] as number)) return -1;
  }
  return 6;
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}

/** Bytes of numbers and of words such as `true`. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    (byte >= 65 && byte <= 90) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    byte === 95
  );
}

function unexpected(byte: number): string {
  const shown =
    byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  return `unexpected ${shown}`;
}
