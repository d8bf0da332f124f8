/** Shorter texts are written sooner character by character than by a call. */
const SHORT_CHARS = 40;
const QUOTE = 34;
const COMMA = 44;

/** Writes a text at an index of a buffer that has room for it. @param ascii whether it has ASCII characters only. @returns index behind it */
export function put(target: Buffer, at: number, value: string | number, ascii: boolean): number {
  const text = String(value);
  if (!ascii) return at + target.write(text, at);
  if (text.length > SHORT_CHARS) return at + target.write(text, at, 'latin1');
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** The same of the members of a JSON array of texts that need no escapes. */
export function putList(target: Buffer, at: number, texts: readonly string[], ascii: boolean): number {
  let end = at;
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) target[end++] = COMMA;
    target[end++] = QUOTE;
    end = put(target, end, texts[i] as string, ascii);
    target[end++] = QUOTE;
  }
  return end;
}

/**
 * Copies bytes of valid UTF-8, eight at a time as numbers: no such bytes are a number that is not itself (NaN), and of a few dozen
 * of them a call would take longer. @returns index behind them
 */
export function putRange(target: DataView, at: number, source: DataView, from: number, to: number): number {
  const end = at + to - from;
  if (to - from < 8) {
    for (let i = from; i < to; i++) target.setUint8(at + i - from, source.getUint8(i));
    return end;
  }
  for (let i = from, j = at; i <= to - 8; i += 8, j += 8) target.setFloat64(j, source.getFloat64(i, true), true);
  target.setFloat64(end - 8, source.getFloat64(to - 8, true), true);
  return end;
}
