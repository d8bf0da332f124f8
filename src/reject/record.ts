import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { DecodedReject, Origin, RejectRecord } from '../record.js';

/**
 * What the store keeps of a rejected piece: its bytes as `event` when they are text (valid UTF-8), else as `raw_base64`.
 * `time` is ISO 8601.
 */
export function toRejectRecord(reject: DecodedReject, origin: Origin, time: string): RejectRecord {
  const { reason, detail, raw, length, start } = reject;
  const id = rejectId(origin, start, raw);
  return { id, time, reason, detail, origin, position: start, ...contentOf(raw), length };
}

/** A piece as text when it is valid UTF-8. */
export function contentOf(raw: Buffer): Pick<RejectRecord, 'event' | 'raw_base64'> {
  return isUtf8(raw) ? { event: raw.toString('utf8') } : { raw_base64: raw.toString('base64') };
}

/** The same for the same bytes at the same place: a piece rejected again after a crash is the same piece. */
export function rejectId(origin: Origin, position: number, raw: Buffer | string): string {
  const place = [origin.input, origin.path ?? null, origin.bucket ?? null, origin.key ?? null, position];
  return createHash('sha256')
    .update(`${JSON.stringify(place)}\n`)
    .update(raw)
    .digest('hex');
}
