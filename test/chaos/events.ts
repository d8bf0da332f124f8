import { sampleEvents } from '../../src/sample/events.js';
import { createMapper, createValidator, mapContext } from '../../src/index.js';
import type { JsonObject } from '../../src/record.js';

/** An event as it is written to an input, and where it must be found. */
export interface Given {
  readonly text: string;
  readonly index: string;
  readonly id: string;
  /** Somebody else's template makes the engine refuse it. */
  readonly refused: boolean;
}

export interface EventOptions {
  readonly seed: number;
  readonly count: number;
  readonly namespace: string;
  /** About when they happened: most just then, some on the day before. */
  readonly at: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Every so many events one is a day old, as after an outage of the vendor's. */
const OLD_EVERY = 5;
/** Every so many events one has a field that the template of {@link conflict} makes a number. */
const REFUSED_EVERY = 211;

/** Events that are all different, with the ids that the library gives them. The same for the same options. */
export function* givenEvents({ seed, count, namespace, at }: EventOptions): Generator<Given> {
  const mapper = createMapper({ namespace });
  const validate = createValidator();
  const context = mapContext(at);
  // A day ahead: however far the clock of the connector jumps, it takes them for new.
  const young = sampleEvents({ seed, count, end: new Date(at.getTime() + DAY_MS) });
  const old = sampleEvents({ seed: seed + 1, count, end: at });
  const seen = new Set<string>();
  for (let number = 0; seen.size < count; number += 1) {
    const next = (number % OLD_EVERY === 0 ? old : young).next();
    if (next.done === true) throw new RangeError('the samples are too few');
    let text = next.value;
    let value = JSON.parse(text) as JsonObject;
    const refused = number % REFUSED_EVERY === 0 && value['eventName'] === 'flow-established';
    if (refused) {
      value = { ...value, userAgent: `agent ${number}` };
      text = JSON.stringify(value);
    }
    const { id, index } = mapper.map({ text, value }, validate, context);
    if (seen.has(id)) continue;
    seen.add(id);
    yield { text, index, id, refused };
  }
}
