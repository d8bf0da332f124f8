import type { Window } from './window.js';

const BOM = '\xef\xbb\xbf';
/** How far back the bytes before a fault are looked for behind white space. */
const LOOK_BACK_BYTES = 256;

/** Offset behind the UTF-8 BOM at `at`; -1 when there is none, undefined when more bytes are needed to tell. */
export function bomEnd(window: Window, at: number, last: boolean): number | undefined {
  const found = window.latin1(at, Math.min(window.end, at + BOM.length));
  if (found === BOM) return at + BOM.length;
  return BOM.startsWith(found) && !last ? undefined : -1;
}

/** Offset of the first `{` in column 0 behind `start` and not behind `fault`; -1 if there is none. */
export function lineWithin(window: Window, start: number, fault: number): number {
  const index = window.slice(start, Math.min(fault + 1, window.end)).indexOf('\n{');
  return index < 0 ? -1 : start + index + 1;
}

/** The last two bytes before `at`, not before `start`, white space aside; 0 where there is none. */
export function lastBytes(window: Window, start: number, at: number): [before: number, last: number] {
  const found = window.latin1(Math.max(start, at - LOOK_BACK_BYTES), at).replace(/[ \t\r\n]+/g, '');
  return [found.length > 1 ? found.charCodeAt(found.length - 2) : 0, found.charCodeAt(found.length - 1)];
}

/** Without the white space at the end. */
export function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1] as number)) end--;
  return bytes.subarray(0, end);
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
