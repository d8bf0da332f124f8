import { settings } from '../../src/config/settings.js';
import { createDocuments } from '../documents.js';

/** Where documents get their ids: from the connector, from the engine, or the connector's with their parts exchanged. */
export type Ids = 'ours' | 'none' | 'random';

/** Bulk bodies of the documents of these events, of the connector's default size. */
export function* bodiesOf(events: Iterable<string>, ids: Ids = 'ours'): Generator<Buffer> {
  const documents = createDocuments(settings['output.batch.max_bytes'].default);
  for (const text of events) {
    const closed = documents.add(text);
    if (closed !== undefined) yield withIds(closed.body, ids);
  }
  const last = documents.take();
  if (last !== undefined) yield withIds(last.body, ids);
}

const ID = /(\{"create":\{"_index":"[^"]+"),"_id":"([^-]*-)([^"]*)"/g;

function withIds(body: Buffer, ids: Ids): Buffer {
  if (ids === 'ours') return Buffer.from(body);
  return Buffer.from(body.toString().replace(ID, ids === 'none' ? '$1' : '$1,"_id":"$3$2"'));
}
