import { createHash } from 'node:crypto';

/** Half of a SHA-256: against damage, not against people, who could write a new one. */
const SUM_CHARS = 32;
const TAIL = /^,"sum":"([0-9a-f]{32})"\}$/;
const TAIL_CHARS = ',"sum":""}'.length + SUM_CHARS;

/**
 * One line of JSON, without its newline, that shows any change to it: its last field, `sum`, is the first half of the SHA-256 of
 * every byte before it. Being last, it also shows that the line is whole.
 */
export function seal(value: object): string {
  const body = JSON.stringify(value).slice(0, -1);
  return `${body},"sum":"${sumOf(body)}"}`;
}

/** What was sealed, without its `sum`; undefined when the line was never sealed, or is torn or altered. */
export function unseal(line: Buffer): unknown {
  if (line.length <= TAIL_CHARS) return undefined;
  const body = line.subarray(0, -TAIL_CHARS);
  // The bytes are compared: different broken bytes give the same text.
  const sum = TAIL.exec(line.subarray(-TAIL_CHARS).toString('latin1'))?.[1];
  if (sum === undefined || sum !== sumOf(body)) return undefined;
  return parseJson(`${body.toString('utf8')}}`);
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sumOf(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, SUM_CHARS);
}
