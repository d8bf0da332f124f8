import { settings } from '../../src/config/settings.js';
import { createBatcher } from '../../src/batch.js';
import { createMapper, createValidator, mapContext } from '../../src/index.js';
import type { JsonObject } from '../../src/record.js';

/** Where documents get their ids: from the connector, from the engine, or the connector's with their parts exchanged. */
export type Ids = 'ours' | 'none' | 'random';

/** Bulk bodies of the documents of these events, of the connector's default size. */
export function* bodiesOf(events: Iterable<string>, ids: Ids = 'ours'): Generator<Buffer> {
  const mapper = createMapper();
  const validate = createValidator();
  const context = mapContext(new Date());
  const batcher = createBatcher({ maxBytes: settings['output.batch.max_bytes'].default, maxEvents: Infinity });
  const stream = { id: 'bench', origin: { input: 'file' } };
  const place = { start: 0, end: { offset: 0, arrayDepth: 0 }, buffer: Buffer.alloc(0), from: 0, to: 0 };
  for (const text of events) {
    const event = mapper.map({ text, value: JSON.parse(text) as JsonObject }, validate, context);
    const closed = batcher.add(event, place, stream);
    if (closed !== undefined) yield withIds(closed.body, ids);
  }
  const last = batcher.take();
  if (last !== undefined) yield withIds(last.body, ids);
}

const ID = /(\{"create":\{"_index":"[^"]+"),"_id":"([^-]*-)([^"]*)"/g;

function withIds(body: Buffer, ids: Ids): Buffer {
  if (ids === 'ours') return Buffer.from(body);
  return Buffer.from(body.toString().replace(ID, ids === 'none' ? '$1' : '$1,"_id":"$3$2"'));
}
