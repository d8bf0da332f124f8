import { sampleEvents } from '../../src/sample/events.js';
import { createMapper, createValidator, mapContext } from '../../src/index.js';
import type { JsonObject } from '../../src/record.js';

/** How an event is given: in the file that grows, in another file, in an object that is listed, or in one that is announced. */
export type Way = 'growing' | 'file' | 'listed' | 'announced';

/** An event as it is written to an input, and where it must be found. */
export interface Given {
  readonly text: string;
  readonly index: string;
  readonly id: string;
  /** The document, as JSON. */
  readonly source: string;
  /** When it happened, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Somebody else's template makes the engine refuse it. */
  readonly refused: boolean;
}

export interface EventOptions {
  readonly seed: number;
  /** The most that are asked for. */
  readonly count: number;
  readonly namespace: string;
  /** Milliseconds since 1970: most events happened within the minutes before they are asked for. */
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Every so many events one is up to a day old, as after an outage of the vendor's, or a day ahead. */
const ODD_TIME_EVERY = 10;
/** Events come within so many seconds, in no order. */
const YOUNG_S = 300;
/** Every so many events one has a field that the template of `makeConflict` makes a number. */
const REFUSED_EVERY = 97;

/**
 * Events that are all different, with the ids that the library gives them: the same for the same options but for their times,
 * as only what happened lately goes through the connector the way nearly all real events go, without being looked up.
 */
export function* givenEvents({ seed, count, namespace, now }: EventOptions): Generator<Given> {
  const mapper = createMapper({ namespace });
  const validate = createValidator();
  const samples = sampleEvents({ seed, count: 2 * count, end: new Date(now()) });
  const seen = new Set<string>();
  for (let number = 0; seen.size < count; number += 1) {
    const next = samples.next();
    if (next.done === true) throw new RangeError('the samples are too few');
    const value = JSON.parse(next.value) as JsonObject & { timestamp: string };
    const timeMs = now() - ageMs(number);
    // The microseconds stay: they make ids differ.
    value.timestamp = new Date(timeMs).toISOString().slice(0, 19) + value.timestamp.slice(19);
    const refused = number % REFUSED_EVERY === 0 && value['eventName'] === 'flow-established';
    if (refused) value['userAgent'] = `agent ${number}`;
    const text = JSON.stringify(value);
    const { id, index, source } = mapper.map({ text, value }, validate, mapContext(new Date(timeMs)));
    if (seen.has(id)) continue;
    seen.add(id);
    yield { text, index, id, source, timeMs, refused };
  }
}

/** Below 0 for what happens in the future. */
function ageMs(number: number): number {
  if (number % ODD_TIME_EVERY !== 0) return (number % YOUNG_S) * 1000;
  const share = ((number / ODD_TIME_EVERY) % 48) / 24 - 1;
  return Math.round(share * DAY_MS);
}
