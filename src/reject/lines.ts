import { createReadStream } from 'node:fs';
import type { RejectRecord } from '../record.js';

/** A line of the store: a rejected piece, or the ids of pieces taken out again. */
export type RejectLine = RejectRecord | { readonly removed: readonly string[] };

/** The lines in the first `size` bytes of a store, numbered. A torn line, left by a crash, is passed over. */
export async function* readLines(path: string, size: number): AsyncGenerator<{ number: number; line: RejectLine }> {
  let number = 0;
  for await (const text of splitLines(createReadStream(path, { end: size - 1 }))) {
    const line = parseLine(text);
    if (line !== undefined) yield { number, line };
    number++;
  }
}

/** Splits at newlines only: `node:readline` also does at U+2028, which JSON may have inside a string. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
  }
  yield Buffer.concat(parts).toString('utf8');
}

function parseLine(text: string): RejectLine | undefined {
  try {
    const line = JSON.parse(text) as unknown;
    return isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isLine(line: unknown): line is RejectLine {
  if (typeof line !== 'object' || line === null) return false;
  return 'id' in line ? typeof line.id === 'string' : 'removed' in line && Array.isArray(line.removed);
}
