import { isAscii } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { createBatcher } from '../../src/batch.js';
import { createMapper, mapContext } from '../../src/map/mapper.js';
import type { DecodedEvent, JsonObject, JsonValue, MappedEvent } from '../../src/record.js';
import { createRandom, type Random } from '../../src/sample/random.js';
import { createValidator } from '../../src/validate.js';
import { BothWays } from '../support/both-ways.js';
import { bodyFault } from '../support/bulk-body.js';
import { referenceDocument } from '../support/reference-mapper.js';
import { demand } from './decode-oracle.js';
import { hasReference } from './reference-scope.js';

const readAt = new Date('2026-01-02T03:04:05.678Z');
const context = mapContext(readAt);
const mapper = createMapper();
const validate = createValidator();

/** Deeper values are identified by their text, in which the order of keys counts. */
const MAX_DEPTH = 100;

const both = new BothWays();

export function mapEvents(events: readonly DecodedEvent[]): MappedEvent[] {
  return events.map((event) => mapper.map(event, validate, context));
}

/** Demands that events which are recognized are the same ones, with the documents and ids of those that are parsed. @throws Broken */
export async function checkRecognized(input: Buffer): Promise<void> {
  const parsed = await both.parsing(input);
  const recognized = await both.recognizing(input, 1 + createRandom(crc32(input)).below(10_000));
  demand(isDeepStrictEqual(recognized.pieces, parsed.pieces), 'events that are recognized are other ones');
  demand(recognized.body === parsed.body, 'events that are recognized have other documents');
}

/**
 * Demands of mapped events that each is one line of JSON which the reference mapper would write too, that their ids tell
 * them apart and nothing else, and that they make a bulk body of the right form.
 * @param seen values by id, of all inputs so far
 * @throws Broken
 */
export function checkMapped(
  events: readonly DecodedEvent[],
  mapped: readonly MappedEvent[],
  seen: Map<string, string>,
): void {
  checkBody(events, mapped);
  for (const [i, event] of events.entries()) {
    const { id, source, ascii } = mapped[i] as MappedEvent;
    demand(!ascii || isAscii(Buffer.from(source)), 'a document that is not ASCII is called so');
    checkDocument(event, source);
    checkIdentity(event, id, seen);
  }
}

function checkBody(events: readonly DecodedEvent[], mapped: readonly MappedEvent[]): void {
  const batcher = createBatcher({ maxBytes: 1 << 24, maxEvents: 1 << 20 });
  const stream = { id: 'fuzz', origin: { input: 'stdin' } };
  for (const [i, event] of events.entries()) batcher.add(mapped[i] as MappedEvent, event, stream);
  const body = batcher.take()?.body ?? Buffer.alloc(0);
  const fault = bodyFault(body, events.length);
  demand(fault === undefined, fault ?? '');
}

function checkDocument(event: DecodedEvent, source: string): void {
  const document = JSON.parse(source) as JsonObject;
  const written = JSON.stringify(document);
  demand(!/\\ud[89a-f]/.test(written.replaceAll('\\\\', '')), 'half a surrogate pair in the document');
  if (!hasReference(event)) return;
  const expected = referenceDocument(event.value, readAt.toISOString());
  demand(isDeepStrictEqual(comparable(document), comparable(expected)), 'the reference mapper writes another document');
}

/** Faults may be told in any order; half a pair is no character. */
function comparable(document: unknown): unknown {
  const copy = JSON.parse(wellFormed(JSON.stringify(document))) as { error?: { message: string } };
  if (copy.error !== undefined) copy.error.message = copy.error.message.split('; ').sort().join('; ');
  return copy;
}

function wellFormed(json: string): string {
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}

function checkIdentity(event: DecodedEvent, id: string, seen: Map<string, string>): void {
  const normal = event.rawText ?? sorted(event.value);
  const same = seen.get(id);
  demand(same === undefined || same === normal, `another event has the id ${id}`);
  seen.set(id, normal);
  if (event.rawText !== undefined) return;
  const random = createRandom(Buffer.from(id).readUInt32LE(13));
  demand(idOf(spaced(event.text, random)) === id, 'white space changes the id');
  if (!isExact(event.value)) return;
  demand(idOf(JSON.stringify(turned(event.value, random))) === id, 'the order of keys changes the id');
  const other = changed(event.value, random);
  if (sorted(other) !== normal) demand(idOf(JSON.stringify(other)) !== id, 'another value does not change the id');
}

function idOf(text: string): string {
  return mapper.map({ text, value: JSON.parse(text) as JsonObject }, validate, context).id;
}

/** The same for the same values, written independently of the product's canonical form. */
function sorted(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '0' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted(value[key] as JsonValue)}`).join()}}`;
}

/** Whether neither numbers beyond double precision nor depth make the text count instead of the value. */
function isExact(value: JsonValue, depth = 0): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((inner) => isExact(inner, depth + 1));
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function spaced(text: string, random: Random): string {
  return (text.match(TOKEN) ?? []).join(random.pick([' ', '\n\t', '\r\n', '']));
}

/** A copy with the keys in another order. */
function turned(value: JsonValue, random: Random): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => turned(item, random));
  const entries = Object.entries(value).map(([key, inner]) => [key, turned(inner, random)] as const);
  const at = random.below(entries.length + 1);
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
}

/** A copy with one value another one. */
function changed(value: JsonValue, random: Random): JsonValue {
  if (typeof value === 'string') return random.pick([`${value} `, `${value}\0`, value.slice(1), [value]]);
  if (typeof value === 'number') return random.pick([value + 1, String(value), -value]);
  if (typeof value !== 'object' || value === null)
    return random.pick<JsonValue>([value === null ? '' : null, String(value)]);
  const keys = Object.keys(value);
  if (keys.length === 0) return Array.isArray(value) ? {} : { added: null };
  const key = random.pick(keys);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? changed(item, random) : item));
  const entries = Object.entries(value).map(([name, inner]) => [name, name === key ? changed(inner, random) : inner]);
  if (!random.chance(0.2)) return Object.fromEntries(entries) as JsonObject;
  // What one name and one value hold together, cut at another place.
  return Object.fromEntries(entries.map(([name, inner]) => [name === key ? `${key}x` : name, inner])) as JsonObject;
}
