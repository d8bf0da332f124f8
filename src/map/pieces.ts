/**
 * How generated code joins JSON text: the text so far in `s`, and in `end` what it ends with. A string's closing quote is
 * left to the next piece, so that a member costs two concatenations, and `s` grows from the left only: V8 flattens such a
 * rope fastest.
 */
export const OPEN = 0;
export const CLOSED = 1;
export const IN_STRING = 2;

/** Expression of a piece of JSON text with what has to stand between it and the text so far. */
export function before(piece: string): string {
  const [open, closed, inString] = ['', ',', '",'].map((separator) => JSON.stringify(separator + piece));
  return `(end === ${IN_STRING} ? ${inString} : end === ${CLOSED} ? ${closed} : ${open})`;
}

/** Statement that opens an object as the member `key`. */
export function openObject(key: string): string {
  return `s = s + ${before(`${JSON.stringify(key)}:{`)}; end = ${OPEN};`;
}

/** Statement that closes the object opened last. */
export const CLOSE_OBJECT = `s = s + (end === ${IN_STRING} ? '"}' : '}'); end = ${CLOSED};`;

/** Statement that writes a member: `string` is text without quotes that needs no escaping, `json` is JSON text. */
export function writeMember(key: string, kind: 'string' | 'json', expression: string): string {
  const name = JSON.stringify(key);
  return kind === 'string'
    ? `s = s + ${before(`${name}:"`)} + ${expression}; end = ${IN_STRING};`
    : `s = s + ${before(`${name}:`)} + ${expression}; end = ${CLOSED};`;
}

/** Statements that make constants `p0`, `p1`, …: a text of its own of each of `pieces`, which are statements that write one. */
export function makePieces(pieces: readonly (readonly string[])[]): string[] {
  return [
    `let s, end;`,
    ...pieces.flatMap((statements, i) => [
      `s = ''; end = ${OPEN};`,
      ...statements,
      `const p${i} = end === ${IN_STRING} ? s + '"' : s;`,
    ]),
  ];
}
