/**
 * Turns each number of a JSON text that a double can't hold as written (`12345678901234567890`, `1e400`) into a string
 * of the same characters, so that a vendor's long id keeps all its digits. Returns the same text when there is none.
 */
export function quoteInexactNumbers(text: string): string {
  let result = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      i = endOfString(text, i);
    } else if (code === 45 || (code >= 48 && code <= 57)) {
      const end = endOfNumber(text, i);
      const literal = text.slice(i, end);
      if (!holds(literal)) {
        result += text.slice(from, i) + '"' + literal + '"';
        from = end;
      }
      i = end - 1;
    }
  }
  return from === 0 ? text : result + text.slice(from);
}

function endOfString(text: string, open: number): number {
  let i = open + 1;
  while (i < text.length && text.charCodeAt(i) !== 34) i += text.charCodeAt(i) === 92 ? 2 : 1;
  return i;
}

function endOfNumber(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && '0123456789.eE+-'.includes(text[i] as string)) i++;
  return i;
}

/** A safe integer in any notation (100, 1e2, 100.0) is itself; any other number must come back as it was written. */
function holds(literal: string): boolean {
  const value = Number(literal);
  return Number.isSafeInteger(value) ? !/\.\d*[1-9]/.test(literal) : JSON.stringify(value) === literal;
}
