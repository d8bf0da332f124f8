import { isAscii } from 'node:buffer';
import type { Decoded, DecodedEvent, DecodedRun, JsonObject } from '../../src/record.js';

/** A piece with everything that is gone when the next pieces of its stream are decoded. */
export function lasting(one: Decoded): Decoded {
  if (one.kind === 'reject') return one;
  const { text, value, ascii, rawText, start, end, from, to } = one;
  const buffer = Buffer.from(one.buffer.subarray(from, to));
  const optional = rawText !== undefined && { rawText };
  return { kind: 'event', text, value, ascii, ...optional, buffer, from: 0, to: buffer.length, start, end };
}

/** The events of a run as parsing them would give them. */
export function parsedRun(run: DecodedRun): DecodedEvent[] {
  const { arrayDepth } = run.end;
  return Array.from({ length: run.count }, (_, event) => {
    const buffer = Buffer.from(run.buffer.subarray(run.from(event), run.to(event)));
    const text = buffer.toString();
    const end = { offset: run.start + run.to(event), arrayDepth };
    return {
      ...{ kind: 'event', text, value: JSON.parse(text) as JsonObject, ascii: isAscii(buffer), buffer },
      ...{ from: 0, to: buffer.length, start: run.start + run.from(event), end },
    };
  });
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
