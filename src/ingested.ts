import type { Batch } from './batch.js';
import { INGESTED_PREFIX } from './map/compile.js';

const NEWLINE = 0x0a;

/**
 * Sets `event.ingested` of a batch's items to the time of sending, in place. Rules that look back do so on this field, so
 * an event that waited an hour for its engine must not claim to have arrived an hour ago.
 *
 * @param time ISO 8601 with milliseconds, UTC: as long as the time that the mapper wrote.
 */
export function stampIngested(batch: Batch, items: readonly number[], time: string): void {
  for (const item of items) {
    const document = batch.body.indexOf(NEWLINE, batch.offsets[item]) + 1;
    batch.body.write(time, document + INGESTED_PREFIX.length, 'latin1');
  }
}
