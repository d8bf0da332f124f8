import { decode, type DecodeOptions } from '../../../src/decode.js';
import type { Decoded, DecodedEvent, DecodedReject } from '../../../src/record.js';
import { lasting, passing } from '../../support/passing.js';

export const defaults: DecodeOptions = {
  resume: { offset: 0, arrayDepth: 0 },
  seeked: false,
  final: true,
  maxEventBytes: 1024 * 1024,
  maxExpandedBytes: 2 ** 40,
  rejectRawBytes: 1024 * 1024,
};

/** Decodes bytes given in chunks whose lengths repeat `chunkBytes`. */
export async function decodeAll(
  bytes: Buffer | string,
  options: Partial<DecodeOptions> = {},
  chunkBytes: readonly number[] = [65536],
): Promise<Decoded[]> {
  const out: Decoded[] = [];
  for await (const some of decode(passing(chunked(Buffer.from(bytes), chunkBytes)), { ...defaults, ...options }))
    out.push(...some.map(lasting));
  return out;
}

function* chunked(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] as number;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

export const events = (all: readonly Decoded[]): DecodedEvent[] => all.filter((one) => one.kind === 'event');
export const rejects = (all: readonly Decoded[]): DecodedReject[] => all.filter((one) => one.kind === 'reject');
export const texts = (all: readonly Decoded[]): string[] => events(all).map((event) => event.text);

/** What a test shows of a result: an event's text, a reject's reason and text. */
export function shown(all: readonly Decoded[]): string[] {
  return all.map((one) => (one.kind === 'event' ? one.text : `${one.reason}: ${one.raw.toString()}`));
}
