import { originOf, type Batch } from '../batch.js';
import type { RejectedItem } from '../deliver.js';
import type { RejectRecord } from '../record.js';
import { contentOf, rejectId } from './record.js';

/** What the store keeps of an event that the engine refused: the vendor's event as it was read, and the engine's words. */
export function refusedRecord(batch: Batch, { item, status, type, reason }: RejectedItem, time: string): RejectRecord {
  const { stream, start, bytes, index, id } = originOf(batch, item);
  return {
    id: rejectId(stream.origin, start, bytes),
    time,
    reason: 'refused_by_engine',
    detail: reason,
    origin: stream.origin,
    position: start,
    ...contentOf(bytes),
    length: bytes.length,
    status,
    error_type: type,
    index,
    document_id: id,
  };
}
