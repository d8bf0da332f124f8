import type { FileHandle } from 'node:fs/promises';
import type { RejectRecord } from '../record.js';
import { parseLine, type RejectLine } from './lines.js';

/** A line of the store with its place in the file. */
export interface PlacedLine {
  /** Counted from 1, as editors do. */
  readonly number: number;
  /** As in the file, without the newline. */
  readonly bytes: Buffer;
  readonly line: RejectLine;
}

/** A part of a file, from one byte up to another. */
export interface Extent {
  readonly from?: number;
  readonly to: number;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/**
 * The lines of an open store in the part given; empty ones are passed over. One line at a time is in memory.
 * Throws CCX_REJECT_VERSION.
 */
export async function* scan(file: FileHandle, path: string, extent: Extent): AsyncGenerator<PlacedLine> {
  let number = 0;
  for await (const bytes of split(file, extent)) {
    number += 1;
    if (bytes.length > 0) yield { number, bytes, line: parseLine(bytes, path) };
  }
}

/** The lines as they are. Splits at newlines only: `node:readline` also does at U+2028, which JSON may have inside a string. */
export async function* split(file: FileHandle, { from = 0, to }: Extent): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for (let at = from; at < to;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, to - at)), {
      position: at,
    });
    if (bytesRead === 0) break;
    at += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
  yield Buffer.concat(parts);
}

/** A record that is there, as its line has it. */
export interface LiveRecord {
  readonly record: RejectRecord;
  /** Undefined for a line of version 1, which has no checksum. */
  readonly sealed: Buffer | undefined;
}

/**
 * The records that are there, each id once (as first rejected), in the order of rejection. `damaged` is told each line
 * that is torn or altered. In memory are short keys of the ids, 100 bytes for each record, and no records.
 */
export async function* liveRecords(
  file: FileHandle,
  path: string,
  size: number,
  damaged: (line: PlacedLine) => void | Promise<void>,
): AsyncGenerator<LiveRecord> {
  const removedAt = new Map<string, number>();
  for await (const { number, line } of scan(file, path, { to: size }))
    if (line.kind === 'removal') for (const id of line.removed) removedAt.set(keyOf(id), number);
  const seen = new Set<string>();
  for await (const placed of scan(file, path, { to: size })) {
    const { number, bytes, line } = placed;
    if (line.kind === 'damaged') await damaged(placed);
    if (line.kind !== 'record') continue;
    const key = keyOf(line.record.id);
    if (seen.has(key) || number < (removedAt.get(key) ?? 0)) continue;
    seen.add(key);
    yield { record: line.record, sealed: line.sealed ? bytes : undefined };
  }
}

/** Half of a hash, as a string of one byte a character: a quarter of its digits. */
function keyOf(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? Buffer.from(id.slice(0, 32), 'hex').toString('latin1') : id;
}
