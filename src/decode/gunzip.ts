import { crc32 } from 'node:zlib';
import { headerLength, isGzip } from './gzip-header.js';
import { inflateMember } from './inflate.js';
import type { Pull } from './pull.js';

const TRAILER_BYTES = 8;
/** More header than this (a name, a comment) is no header of a log file. */
const MAX_HEADER_BYTES = 64 * 1024;

export interface GzipFault {
  readonly reason: 'truncated' | 'gzip_error';
  readonly detail: string;
}

const truncated: GzipFault = { reason: 'truncated', detail: 'the gzip data is cut off' };

/**
 * The content of a gzip file of one or more members (RFC 1952), with zero padding allowed behind each. Everything that
 * can be read is yielded; the fault that was met, if any, is what the generator returns.
 */
export async function* gunzip(input: Pull): AsyncGenerator<Buffer, GzipFault | undefined> {
  let fault: GzipFault | undefined;
  while ((await skipZeros(input)) > 0) {
    const opened = await skipHeader(input);
    if (opened !== undefined) return fault ?? opened;
    const sum = { crc: 0, length: 0 };
    const inflated = inflateMember(input);
    let step = await inflated.next();
    try {
      for (; step.done !== true; step = await inflated.next()) {
        sum.crc = crc32(step.value, sum.crc);
        sum.length = (sum.length + step.value.length) % 2 ** 32;
        yield step.value;
      }
    } finally {
      await inflated.return({ kind: 'whole' });
    }
    if (step.value.kind === 'truncated') return fault ?? truncated;
    if (step.value.kind === 'corrupt') return fault ?? { reason: 'gzip_error', detail: `gzip: ${step.value.detail}` };
    fault ??= await checkTrailer(input, sum);
  }
  return fault;
}

/** Number of bytes at hand behind the padding; 0 at the end of the file. */
async function skipZeros(input: Pull): Promise<number> {
  for (;;) {
    const chunk = await input.next();
    if (chunk === undefined) return 0;
    const index = chunk.findIndex((byte) => byte !== 0);
    if (index < 0) continue;
    input.unread(chunk.subarray(index));
    return chunk.length - index;
  }
}

async function skipHeader(input: Pull): Promise<GzipFault | undefined> {
  for (let want = 512; ; want *= 2) {
    const bytes = await input.peek(want);
    if (bytes.length >= 3 && !isGzip(bytes)) {
      return { reason: 'gzip_error', detail: 'behind the gzip data there are bytes that are no gzip data' };
    }
    const length = headerLength(bytes);
    if (length !== undefined) {
      await skip(input, length);
      return undefined;
    }
    if (bytes.length < want) return truncated;
    if (want > MAX_HEADER_BYTES) return { reason: 'gzip_error', detail: 'the gzip header has no end' };
  }
}

async function checkTrailer(input: Pull, sum: { crc: number; length: number }): Promise<GzipFault | undefined> {
  const bytes = await input.peek(TRAILER_BYTES);
  await skip(input, Math.min(TRAILER_BYTES, bytes.length));
  if (bytes.length < TRAILER_BYTES) return truncated;
  if (bytes.readUInt32LE(0) === sum.crc && bytes.readUInt32LE(4) === sum.length) return undefined;
  return { reason: 'gzip_error', detail: 'the checksum of the gzip data does not fit its content' };
}

/** Skips bytes that were peeked at. */
async function skip(input: Pull, count: number): Promise<void> {
  const bytes = (await input.next()) ?? Buffer.alloc(0);
  input.unread(bytes.subarray(count));
}
