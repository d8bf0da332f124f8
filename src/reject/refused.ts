import { originOf, type Batch } from '../batch.js';
import type { RejectedItem } from '../deliver.js';
import type { RejectRecord } from '../record.js';
import { rejectId } from './record.js';

/** What the store keeps of an event that the engine refused: the vendor's event as it was read, and the engine's words. */
export function refusedRecord(batch: Batch, { item, status, type, reason }: RejectedItem, time: string): RejectRecord {
  const { stream, start, text, rawText, index, id } = originOf(batch, item);
  const raw = rawText === undefined ? Buffer.from(text) : Buffer.from(rawText, 'latin1');
  return {
    id: rejectId(stream.origin, start, raw),
    time,
    reason: 'refused_by_engine',
    detail: reason,
    origin: stream.origin,
    position: start,
    ...(rawText === undefined ? { event: text } : { raw_base64: raw.toString('base64') }),
    length: raw.length,
    status,
    error_type: type,
    index,
    document_id: id,
  };
}
