import { isDeepStrictEqual } from 'node:util';
import { crc32, gunzipSync } from 'node:zlib';
import { decode, type DecodeOptions } from '../../src/decode.js';
import { Framer } from '../../src/decode/framer.js';
import { gunzip } from '../../src/decode/gunzip.js';
import { isGzip } from '../../src/decode/gzip-header.js';
import { Pull } from '../../src/decode/pull.js';
import type { Decoded, DecodedEvent, Position } from '../../src/record.js';
import { createRandom } from '../../src/sample/random.js';
import { lasting, passing } from '../support/passing.js';

/** Small bounds, so that small inputs reach them. */
export const limits = {
  maxEventBytes: 3 * 1024,
  maxExpandedBytes: 64 * 1024,
  rejectRawBytes: 3 * 1024,
} as const;

const whole: DecodeOptions = { ...limits, resume: { offset: 0, arrayDepth: 0 }, seeked: false, final: true };

/** How often each byte may be looked at one by one: `Framer` gives up a broken value as a whole beyond six times. */
const MAX_SCANS = 7;

/** A property that does not hold for some input. */
export class Broken extends Error {}

/** Decodes the input in one piece. */
export function decodeWhole(input: Buffer): Promise<Decoded[]> {
  return decodeChunks([input], whole);
}

/**
 * Demands of what was decoded that every byte is accounted for, that chunks do not matter, that reading can go on at any
 * position, also of a file that grew, and that the work is bounded.
 * @throws Broken
 */
export async function checkDecoded(input: Buffer, found: readonly Decoded[]): Promise<void> {
  const content = await contentOf(input);
  checkAccount(content, found);
  checkWork(content);
  const random = createRandom(crc32(input));
  const expected = found.map(told);
  for (const size of [random.chance(0.1) ? 1 : 5 + random.below(40), 1 + random.below(500)]) {
    const again = await decodeChunks(chunked(input, size), whole);
    demand(isDeepStrictEqual(again.map(told), expected), `chunks of ${size} bytes give something else`);
  }
  await checkResumed(input, content, found, random.below(found.length + 1));
  if (content === input) await checkGrown(input, found, random.below(input.length + 1));
}

export function demand(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what);
}

async function decodeChunks(chunks: readonly Buffer[], options: DecodeOptions): Promise<Decoded[]> {
  const all: Decoded[] = [];
  for await (const some of decode(passing(chunks), options)) all.push(...some.map(lasting));
  return all;
}

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

function chunked(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** What of a result must not depend on chunks: not the buffers that events share. */
function told(one: Decoded): object {
  if (one.kind === 'reject') return one;
  const { text, value, ascii, rawText, start, end, buffer, from, to } = one;
  return { text, value, ascii, rawText, start, end, bytes: buffer.toString('latin1', from, to) };
}

/** The decompressed stream up to the limit; it must begin with what zlib makes of the input, when zlib finds no fault. */
async function contentOf(input: Buffer): Promise<Buffer> {
  if (!isGzip(input)) return input;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of gunzip(new Pull(from([input])))) {
    parts.push(part);
    bytes += part.length;
    if (bytes > limits.maxExpandedBytes) return Buffer.concat(parts).subarray(0, limits.maxExpandedBytes);
  }
  const content = Buffer.concat(parts);
  const reference = byZlib(input);
  // Behind zero bytes Node.js looks for no further member.
  const same = reference === undefined || content.subarray(0, reference.length).equals(reference);
  demand(same, 'zlib finds another content');
  return content;
}

function byZlib(input: Buffer): Buffer | undefined {
  try {
    return gunzipSync(input, { maxOutputLength: limits.maxExpandedBytes + 1 });
  } catch {
    return undefined;
  }
}

/** All bytes are in an event or a reject but for what stands between values without saying anything. */
function checkAccount(content: Buffer, found: readonly Decoded[]): void {
  let at = 0;
  for (const one of found) {
    demand(one.start >= at, `overlap at byte ${at}`);
    checkBetween(content, at, one.start);
    const length = one.kind === 'event' ? one.to - one.from : one.length;
    if (one.kind === 'event') checkEventBytes(content, one, length);
    at = one.start + length;
    demand(one.end.offset >= at, 'a position lies before the end of its piece');
  }
  checkBetween(content, at, content.length);
}

function checkBetween(content: Buffer, from: number, to: number): void {
  const between = content.toString('latin1', from, to);
  demand(/^(?:[ \t\r\n,[\]]|\xef\xbb\xbf)*$/.test(between), `bytes ${from} to ${to} are lost`);
}

function checkEventBytes(content: Buffer, { buffer, from, to, start, text }: DecodedEvent, length: number): void {
  const bytes = buffer.subarray(from, to);
  demand(bytes.equals(content.subarray(start, start + length)), `the event at byte ${start} has other bytes`);
  demand(bytes.toString() === text, `the event at byte ${start} has another text`);
  demand(length <= limits.maxEventBytes, `the event at byte ${start} is too large`);
}

function checkWork(content: Buffer): void {
  const framer = new Framer({ resume: whole.resume, ...limits });
  for (const chunk of chunked(content, 16)) framer.push(chunk);
  framer.finish();
  const bound = MAX_SCANS * (content.length + limits.maxEventBytes);
  demand(framer.scannedBytes <= bound, `${framer.scannedBytes} bytes looked at for ${content.length}`);
}

/** Going on behind the first `count` pieces gives the events behind them. */
async function checkResumed(input: Buffer, content: Buffer, found: readonly Decoded[], count: number): Promise<void> {
  const resume = found[count - 1]?.end ?? whole.resume;
  const expected = found.slice(count).filter(isEvent).map(told);
  for (const seeked of content === input ? [true, false] : [false]) {
    const rest = seeked ? input.subarray(resume.offset) : input;
    const again = await decodeChunks([rest], { ...whole, resume, seeked });
    demand(
      isDeepStrictEqual(again.filter(isEvent).map(told), expected),
      `going on at ${shown(resume)} gives other events`,
    );
  }
}

/** A file of which only the beginning was there at first gives the same events. */
async function checkGrown(input: Buffer, found: readonly Decoded[], size: number): Promise<void> {
  const before = await decodeChunks([input.subarray(0, size)], { ...whole, final: false });
  const resume = before.at(-1)?.end ?? whole.resume;
  if (resume.offset === 0 && isGzip(input)) return;
  const after = await decodeChunks([input.subarray(resume.offset)], { ...whole, resume, seeked: true });
  const events = [...before, ...after].filter(isEvent).map(told);
  demand(
    isDeepStrictEqual(events, found.filter(isEvent).map(told)),
    `a file that grew from ${size} bytes gives other events`,
  );
}

function isEvent(one: Decoded): one is DecodedEvent {
  return one.kind === 'event';
}

function shown({ offset, arrayDepth }: Position): string {
  return `byte ${offset}${arrayDepth > 0 ? ' in an array' : ''}`;
}
