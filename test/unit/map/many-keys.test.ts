import { expect } from 'chai';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import type { JsonObject, JsonValue } from '../../../src/record.js';
import { createValidator } from '../../../src/validate.js';

const KEYS = 2000;
/** For the list of all keys, for the text that the id is made from, and for the document. */
const ASKED_PER_KEY = 3;

const mapper = createMapper();
const validate = createValidator();
const context = mapContext(new Date('2026-01-02T03:04:05Z'));

/** An object that tells of each time it is asked for one of its keys. */
function counted(object: JsonObject, count: () => void): JsonObject {
  return new Proxy(object, {
    get: (target, key) => (count(), Reflect.get(target, key) as JsonValue),
    getOwnPropertyDescriptor: (target, key) => (count(), Reflect.getOwnPropertyDescriptor(target, key)),
  });
}

/** How often an event with so many unknown keys is asked for any key. */
function asked(place: 'header' | 'log', keys: number, header: JsonObject): number {
  const many = Object.fromEntries(Array.from({ length: keys }, (_, i) => [`unknown-${i}`, i]));
  const event: JsonObject = place === 'log' ? { ...header, log: many } : { ...header, ...many };
  const text = JSON.stringify(event);
  let count = 0;
  const counting = (object: JsonObject): JsonObject => counted(object, () => (count += 1));
  const value = counting(place === 'log' ? { ...event, log: counting(many) } : event);
  mapper.map({ text, value }, validate, context);
  return count;
}

describe('an event of many keys', () => {
  for (const place of ['header', 'log'] as const) {
    for (const [kind, header] of Object.entries({
      'a readable time': { timestamp: '2026-01-01T00:00:00Z' },
      'no time': {},
      'a time that cannot be read': { timestamp: 'yesterday' },
    } as const)) {
      it(`with ${kind} is asked for each key of its ${place} three times, however many there are`, () => {
        const counts = [1, 2, 3].map((times) => asked(place, times * KEYS, header));
        const more = counts.slice(1).map((count, i) => count - (counts[i] ?? 0));
        for (const asked of more) expect(asked).to.be.within(1, ASKED_PER_KEY * KEYS);
      });
    }
  }
});
