import type { Literal, Needle } from './needles.js';
import type { View } from './view.js';

/** A part of a text that must not be shown: its first character, and that after its last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Needles by their first four characters: what a text costs does not grow with their number. */
export class NeedleIndex {
  /** Whether any needle begins with these two characters. */
  readonly #pairs = new Uint8Array(1 << 14);
  readonly #byStart = new Map<number, Needle[]>();

  constructor(needles: readonly Needle[]) {
    const seen = new Set<string>();
    for (const needle of needles) {
      const { whole, at, size } = needle;
      const id = `${Buffer.from(whole.subarray(at, at + size)).toString('latin1')} ${needle.beforeMark} ${needle.beforeEnd}`;
      if (seen.has(id)) continue;
      seen.add(id);
      this.#pairs[pairAt(whole, at)] = 1;
      const start = startAt(whole, at);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
    }
  }

  /** Where in the text of a view secrets are, in its order. */
  find(view: View, text: string): Range[] {
    const { codes } = view;
    const found: Range[] = [];
    let floor = 0;
    for (let i = 0; i + 3 < codes.length; i += 1) {
      if (this.#pairs[pairAt(codes, i)] === 0) continue;
      for (const needle of this.#byStart.get(startAt(codes, i)) ?? []) {
        // What is hidden already: looking on from each place within it would take the square of the time.
        if (i + needle.size <= floor) continue;
        const length = pieceLength(view, i, needle, text);
        if (length === 0 || i + length <= floor) continue;
        const end = i + lengthFrom(codes, i, needle, length);
        found.push(rangeOf(view, text, needle, i - lengthBefore(codes, i, needle, floor), end));
        floor = end;
      }
    }
    return found;
  }
}

function pairAt(codes: Uint8Array, i: number): number {
  return ((codes[i] ?? 0) << 7) | (codes[i + 1] ?? 0);
}

function startAt(codes: Uint8Array, i: number): number {
  return (pairAt(codes, i) << 14) | pairAt(codes, i + 2);
}

/** How much of the piece is there; 0 where that is too little to be the secret. */
function pieceLength(view: View, i: number, needle: Needle, text: string): number {
  const { at, size, beforeMark, beforeEnd } = needle;
  const length = lengthFrom(view.codes, i, needle, 0, size);
  if (length === size) return length;
  if (at > 0) return 0;
  if (i + length === view.codes.length && length >= beforeEnd) return length;
  return length >= beforeMark && markAt(view, i + length, text) ? length : 0;
}

/** So far, from the piece's beginning, the secret goes on. */
function lengthFrom(codes: Uint8Array, i: number, { whole, at }: Needle, from: number, most = whole.length): number {
  const limit = Math.min(most, whole.length - at, codes.length - i);
  let length = from;
  while (length < limit && codes[i + length] === whole[at + length]) length += 1;
  return length;
}

/** Whether a mark says there that the text was cut. */
function markAt({ starts, ends }: View, i: number, text: string): boolean {
  const [after, next] = [ends[i - 1] ?? 0, starts[i] ?? 0];
  return text.startsWith('...', next) || /…|\\u2026/.test(text.slice(after, next));
}

function lengthBefore(codes: Uint8Array, i: number, { whole, at }: Needle, floor: number): number {
  let length = 0;
  while (length < at && i - length > floor && codes[i - length - 1] === whole[at - length - 1]) length += 1;
  return length;
}

const padding = /[\w+/-]?(?:=|%3D){0,2}/iy;

function rangeOf({ starts, ends }: View, text: string, { open, padded }: Needle, from: number, until: number): Range {
  const start = open[0] ? (ends[from - 1] ?? 0) : (starts[from] ?? 0);
  const end = open[1] ? (starts[until] ?? 0) : (ends[until - 1] ?? 0);
  padding.lastIndex = end;
  return { start, end: padded ? end + (padding.exec(text)?.[0].length ?? 0) : end };
}

/** Of longer ones the beginning is looked for, which bounds the time. */
const longestLiteral = 64;
const wordSign = /[\p{L}\p{N}_-]/u;

/** Where in a text a literal is. */
export function findLiteral(text: string, literal: Literal): Range[] {
  const found: Range[] = [];
  const known = literal.text.slice(0, longestLiteral);
  for (let at = text.indexOf(known); at >= 0;) {
    let end = at + known.length;
    while (end - at < literal.text.length && text[end] === literal.text[end - at]) end += 1;
    const isWord = !wordSign.test(text[at - 1] ?? '') && !wordSign.test(text[end] ?? '');
    if (isWord || !literal.word) found.push({ start: at, end });
    at = text.indexOf(known, end);
  }
  return found;
}

/** The text with each range replaced; ranges that touch are one. */
export function hide(text: string, ranges: readonly Range[], instead: string): string {
  if (ranges.length === 0) return text;
  const pieces: string[] = [];
  let done = -1;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start > done) pieces.push(text.slice(Math.max(done, 0), start), instead);
    done = Math.max(done, end);
  }
  return pieces.join('') + text.slice(done);
}
