import { createBatcher, type Batch } from '../src/batch.js';
import { createMapper, createValidator, mapContext } from '../src/index.js';
import type { JsonObject } from '../src/record.js';

/** Events to bulk bodies as the connector makes them, by the parsing path. */
export interface Documents {
  /** @returns the batch that this event closed */
  add(event: string): Batch | undefined;
  /** What is left. */
  take(): Batch | undefined;
}

export function createDocuments(maxBytes: number): Documents {
  const mapper = createMapper();
  const validate = createValidator();
  const context = mapContext(new Date());
  const batcher = createBatcher({ maxBytes, maxEvents: Infinity });
  const stream = { id: 'bench', origin: { input: 'file' } };
  const place = { start: 0, end: { offset: 0, arrayDepth: 0 }, buffer: Buffer.alloc(0), from: 0, to: 0 };
  return {
    add: (text) =>
      batcher.add(mapper.map({ text, value: JSON.parse(text) as JsonObject }, validate, context), place, stream),
    take: () => batcher.take(),
  };
}
