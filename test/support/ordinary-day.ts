import { createMapper, mapContext } from '../../src/map/mapper.js';
import type { JsonObject } from '../../src/record.js';
import { SAMPLE_SEED, sampleEvents } from '../../src/sample/events.js';
import { createValidator } from '../../src/validate.js';

const DAY_MS = 86_400_000;

/** A day of made-up work without any attack, after two weeks of the same people, so that what is new is really new. */
export const ordinary = { events: 20_000, historyDays: 14, historyEvents: 2500 } as const;

export interface StoredText {
  readonly index: string;
  readonly id: string;
  readonly source: string;
}

/** The documents of the day and of the days before it. */
export function* ordinaryDocuments(end: Date, namespace: string): Generator<StoredText> {
  for (let day = ordinary.historyDays; day > 0; day -= 1) {
    const options = { seed: SAMPLE_SEED, count: ordinary.historyEvents, day, attack: false };
    yield* mapped(sampleEvents({ ...options, end: new Date(end.getTime() - day * DAY_MS) }), namespace);
  }
  yield* mapped(sampleEvents({ seed: SAMPLE_SEED, count: ordinary.events, end, attack: false }), namespace);
}

/** The demo's day, with its attack. */
export function demoDocuments(end: Date, namespace: string): Generator<StoredText> {
  return mapped(sampleEvents({ seed: SAMPLE_SEED, count: ordinary.events, end }), namespace);
}

function* mapped(texts: Iterable<string>, namespace: string): Generator<StoredText> {
  const [mapper, validate, context] = [createMapper({ namespace }), createValidator(), mapContext(new Date())];
  for (const text of texts) yield mapper.map({ text, value: JSON.parse(text) as JsonObject }, validate, context);
}
