import type { Decoded } from '../../src/record.js';

/** A piece with everything that is gone when the next pieces of its stream are decoded. */
export function lasting(one: Decoded): Decoded {
  if (one.kind === 'reject') return one;
  const { text, value, ascii, rawText, recognized, start, end, from, to } = one;
  const buffer = Buffer.from(one.buffer.subarray(from, to));
  const optional = { ...(rawText !== undefined && { rawText }), ...(recognized !== undefined && { recognized }) };
  return { kind: 'event', text, value, ascii, ...optional, buffer, from: 0, to: buffer.length, start, end };
}

/** A stream of bytes that keeps its promise and no more: a chunk is overwritten when the one after the next is asked for. */
export async function* passing(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  const given: Buffer[] = [];
  for (const chunk of chunks) {
    if (given.length === 2) given.shift()?.fill('}');
    given.push(Buffer.from(chunk));
    yield await Promise.resolve(given.at(-1) as Buffer);
  }
}
