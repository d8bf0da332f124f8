import { isWordByte } from './scanner.js';
import type { Window } from './window.js';

const QUOTE = 34;
const BACKSLASH = 92;
/** What can stand behind a value: white space, comma, brackets. */
const BEHIND = new Set([9, 10, 13, 32, 44, 91, 93, 123]);

/**
 * Offset behind the JSON string, number or word that begins at `start`; -1 when there is none, undefined when more bytes
 * are needed to tell.
 */
export function scalarEnd(window: Window, start: number, last: boolean, maxBytes: number): number | undefined {
  const quoted = window.byte(start) === QUOTE;
  const end = quoted ? stringEnd(window, start + 1) : wordEnd(window, start);
  if (end < 0 || end - start > maxBytes) return -1;
  if (end >= window.end && !last) return undefined;
  if (end > window.end || (end < window.end && !BEHIND.has(window.byte(end)))) return -1;
  return isJson(window.text(start, end).text) ? end : -1;
}

/** Offset behind the closing quote, one behind the window's end when it is not there, -1 for a control character. */
function stringEnd(window: Window, from: number): number {
  for (let at = from; at < window.end; at++) {
    const byte = window.byte(at);
    if (byte === QUOTE) return at + 1;
    if (byte < 32) return -1;
    if (byte === BACKSLASH) at++;
  }
  return window.end + 1;
}

function wordEnd(window: Window, from: number): number {
  let at = from;
  while (at < window.end && isWordByte(window.byte(at))) at++;
  return at;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
