import { isAscii } from 'node:buffer';
import type { DecodedEvent, JsonObject, JsonValue, MappedEvent, Origin, Recognizer } from '../record.js';
import { compileWriter, type CompileOptions, type DocumentWriter, type Extras } from './compile.js';
import { invalidNames, targetFields, type TargetField } from './fields.js';
import { canonicalOrder, compileCanonical, literalText, type Canonical } from './canonical.js';
import { documentId } from './id.js';
import { indexName } from './index-name.js';
import { ipTable } from './ip.js';
import { loadMappings, perEvent, type EventMapping, type MappingLists } from './list.js';
import { identify, type Shapes } from './identify.js';
import { KeyShapes } from './key-shapes.js';
import { createCore, type Core } from './known/core.js';
import { knownLists } from './known/known-lists.js';
import { createLinesPool, FormRecognizer, type Known } from './known/recognizer.js';
import { epochMillis } from './timestamp.js';
import { unmappedObject } from './unmapped.js';

/** A vendor field whose value does not fit. */
export interface Fault {
  /** Name as in the field list: `timestamp`, `log.destinationPort`, `log`. */
  readonly vendor: string;
  /** What was expected, for a person. */
  readonly expected: string;
}

export interface MapperOptions {
  readonly namespace?: string;
  /** CIDR blocks that count as inside for `network.direction`. */
  readonly internalNetworks?: readonly string[];
  /** Whether the connector sets `event.ingested`, because the cluster's pipeline can't. */
  readonly setIngested?: boolean;
}

/** What of a document does not come from the event: made once per piece read, by {@link mapContext}. */
export interface MapContext {
  /** ISO 8601 time of reading with milliseconds, UTC. */
  readonly readAt: string;
  /** Extras of an event with nothing special about it. */
  readonly extras: Extras;
  /** Whether the extras have ASCII characters only. */
  readonly ascii: boolean;
  /** The same as `readAt` and `extras.origin`. */
  readonly readAtBytes: Buffer;
  readonly originBytes: Buffer;
}

/** Finds what does not fit in an event; undefined when all does. */
export type FaultFinder = (event: JsonObject) => readonly Fault[] | undefined;

/** What of a decoded event is mapped; without `ascii` its text may hold any character. */
export type MappableEvent = Pick<DecodedEvent, 'text' | 'value' | 'rawText'> & Partial<Pick<DecodedEvent, 'ascii'>>;

export interface Mapper {
  /**
   * Makes what recognizes events of a stream in the form in which the vendor writes them, and makes their documents without parsing:
   * the same ones with the same ids as `map`. Undefined where the processor lacks the instructions.
   *
   * @param faults the same one at each call
   * @param context is asked for at each chunk of the stream
   */
  recognizer(faults: FaultFinder, context: () => MapContext): Recognizer | undefined;
  /**
   * Turns an event into its document. Never throws for anything that is valid JSON and an object.
   * `faults` finds the values that do not fit: they are left out of their places and kept as text.
   */
  map(event: MappableEvent, faults: FaultFinder, context: MapContext): MappedEvent;
}

interface CompiledEvent {
  readonly index: string;
  /** What the list and the options put into documents has ASCII characters only. */
  readonly ascii: boolean;
  /** For texts without escapes; made when it is needed, as the other one is. */
  readonly plain: () => DocumentWriter;
  readonly escaping: () => DocumentWriter;
  readonly canonical: Canonical;
  readonly header: KeyShapes;
  readonly log: KeyShapes;
  /** The fields of the list, with their aliases. */
  readonly names: readonly string[];
  readonly aliases: readonly (readonly [name: string, alias: string])[];
  /** Where the values of vendor fields are kept that do not fit. */
  readonly invalidNames: ReadonlyMap<string, string>;
}

/** An event on its way to its document. */
interface LookedAt {
  readonly value: JsonObject;
  readonly shapes: Shapes;
  /** What of `value` goes to fields of the list. */
  readonly fitting: JsonObject;
  readonly text: string;
}

/** Makes a mapper for events of any name. Each field list is compiled once, when its first event comes. */
export function createMapper(
  options: MapperOptions = {},
  lists: MappingLists = loadMappings(),
  makeCore: () => Core | undefined = createCore,
): Mapper {
  const ip = ipTable(options.internalNetworks);
  const fields = new Map(targetFields(lists).map((field) => [field.name, field]));
  const { namespace = 'default', setIngested = false } = options;
  const compile = { ip, namespace, setIngested };
  const compiled = perEvent(lists, (event) => compileEvent(event, fields, compile));
  const core = lazy(makeCore);
  let known: (Known & { readonly faults: FaultFinder }) | undefined;
  return {
    recognizer: (faults, context) => {
      const assembly = core();
      if (assembly === undefined) return undefined;
      // What is described and kept is shared by all streams.
      if (known !== undefined && known.faults !== faults) throw new Error('a mapper has one validator');
      if (known === undefined) {
        const listOf = knownLists(assembly, lists, fields, { ...compile, escape: false }, faults);
        known = { faults, core: assembly, listOf, pool: createLinesPool(), isOff: false };
      }
      return new FormRecognizer(known, context);
    },
    map: (event, faults, context) => mapEvent(compiled(event.value['eventName']), event, faults, context),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** @param readAt when the bytes were read. */
export function mapContext(readAt: Date, origin?: Origin): MapContext {
  const time = readAt.toISOString();
  const members = origin === undefined ? '' : originMembers(origin);
  return {
    readAt: time,
    extras: { invalid: '', unmapped: '', error: '', origin: members },
    ascii: isAsciiText(members),
    readAtBytes: Buffer.from(time),
    originBytes: Buffer.from(members),
  };
}

/** Members of a document's top level that tell where its event was read. */
function originMembers(origin: Origin): string {
  if (origin.path !== undefined) return `,"log":{"file":{"path":${JSON.stringify(origin.path)}}}`;
  if (origin.bucket === undefined) return '';
  return `,"aws":{"s3":${JSON.stringify({ bucket: { name: origin.bucket }, object: { key: origin.key } })}}`;
}

function compileEvent(
  mapping: EventMapping,
  fields: ReadonlyMap<string, TargetField>,
  options: Omit<CompileOptions, 'escape'>,
): CompiledEvent {
  const { namespace } = options;
  const known = mapping.fields.flatMap((field) => [field.vendor, ...field.aliases]);
  const inLog = known.filter((name) => name.startsWith('log.')).map((name) => name.slice(4));
  const order = canonicalOrder(mapping);
  const compile = (escape: boolean) => compileWriter(mapping, fields, { ...options, escape });
  return {
    index: indexName(mapping.dataset, namespace),
    ascii: isAsciiText(namespace + mapping.dataset + JSON.stringify(mapping.constants)),
    plain: lazy(() => compile(false)),
    escaping: lazy(() => compile(true)),
    canonical: compileCanonical(mapping),
    header: new KeyShapes([...known, 'log'], [...order.header, 'log']),
    log: new KeyShapes(inLog, order.log),
    names: known,
    aliases: mapping.fields.flatMap((field) => field.aliases.map((alias) => [field.vendor, alias] as const)),
    invalidNames: invalidNames(mapping),
  };
}

function mapEvent(
  target: CompiledEvent,
  event: MappableEvent,
  findFaults: FaultFinder,
  { readAt, extras, ascii }: MapContext,
): MappedEvent {
  const plain = !event.text.includes('\\');
  const shapes = shapesOf(target, event.value);
  const unknown = hasUnknown(target.aliases, event.value, shapes);
  const { value, canonical } = identify(target.canonical, event, shapes, plain);
  const faults = findFaults(value);
  const write = (plain ? target.plain : target.escaping)();
  const fitting = withoutFaults(target, value, faults);
  const special = faults !== undefined || unknown;
  const source = write(
    fitting,
    readAt,
    special ? extrasOf(target, { value, shapes, fitting, text: event.text }, faults, extras) : extras,
  );
  const time = value['timestamp'];
  return {
    index: target.index,
    id: documentId(canonical, typeof time === 'string' ? epochMillis(time) : undefined),
    source: plain ? source : wellFormed(source),
    // Without escapes nothing but ASCII can have come out of ASCII.
    ascii: event.ascii === true && plain && ascii && target.ascii,
  };
}

/** Whether anything goes to `cloudconnexa.unmapped`. */
function hasUnknown(aliases: CompiledEvent['aliases'], event: JsonObject, shapes: Shapes): boolean {
  if (shapes.header.unknown.length > 0 || (shapes.log?.unknown.length ?? 0) > 0) return true;
  for (const [name, alias] of aliases) {
    if (isShadowed(event, name, alias)) return true;
  }
  return false;
}

function shapesOf(target: CompiledEvent, event: JsonObject): Shapes {
  const log = logOf(event);
  return { header: target.header.of(event), log: log === undefined ? undefined : target.log.of(log) };
}

function extrasOf(
  target: CompiledEvent,
  event: LookedAt,
  faults: readonly Fault[] | undefined,
  { origin }: Extras,
): Extras {
  const unmapped = unmappedText(target, event);
  if (faults === undefined) return { invalid: '', unmapped, error: '', origin };
  const message = faults.map(({ vendor, expected }) => `${vendor}: expected ${expected}`).join('; ');
  return { invalid: invalidText(target, event.value, faults), unmapped, error: JSON.stringify(message), origin };
}

function invalidText({ invalidNames: names }: CompiledEvent, value: JsonObject, faults: readonly Fault[]): string {
  const kept: [string, string][] = [];
  for (const { vendor } of faults) {
    const found = valueAt(value, vendor);
    const isPresent = found !== undefined && found !== null && found !== '';
    if (isPresent) kept.push([names.get(vendor) ?? vendor, asText(found)]);
  }
  return kept.length === 0 ? '' : JSON.stringify(Object.fromEntries(kept));
}

function asText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return 'a value nested too deep to be shown';
  }
}

function valueAt(event: JsonObject, vendor: string): JsonValue | undefined {
  if (!vendor.startsWith('log.')) return event[vendor];
  return logOf(event)?.[vendor.slice(4)];
}

function logOf(event: JsonObject): JsonObject | undefined {
  const log = event['log'];
  return typeof log === 'object' && log !== null && !Array.isArray(log) ? log : undefined;
}

/** The fields that fit, for the writer. Those of the list alone: an event may have hundred thousands of others. */
function withoutFaults({ names }: CompiledEvent, event: JsonObject, faults: readonly Fault[] | undefined): JsonObject {
  if (faults === undefined) return event;
  const faulty = new Set(faults.map(({ vendor }) => vendor));
  const fitting: JsonObject = {};
  const log: JsonObject = {};
  for (const name of names) {
    const value = faulty.has(name) ? undefined : valueAt(event, name);
    if (value === undefined) continue;
    if (name.startsWith('log.')) log[name.slice(4)] = value;
    else fitting[name] = value;
  }
  return { ...fitting, log };
}

/** JSON text of `cloudconnexa.unmapped`, or empty. */
function unmappedText({ aliases }: CompiledEvent, { value, shapes, fitting, text }: LookedAt): string {
  const log = logOf(value);
  const shadowed = aliases.filter(([name, alias]) => isShadowed(fitting, name, alias)).map(([, alias]) => alias);
  try {
    const unmapped =
      unmappedObject(value, [...shapes.header.unknown, ...shadowed]) ?? (Object.create(null) as JsonObject);
    const inLog = log === undefined ? undefined : unmappedObject(log, shapes.log?.unknown ?? [], 2);
    if (inLog !== undefined) unmapped['log'] = inLog;
    return Object.keys(unmapped).length === 0 ? '' : JSON.stringify(unmapped);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify(unmappedObject({ event: literalText(text).slice(1) }, ['event']));
  }
}

/** An old name beside the new one with another value: neither is to be lost. */
function isShadowed(event: JsonObject, name: string, alias: string): boolean {
  const old = event[alias];
  if (old === undefined || old === null || old === '') return false;
  const current = event[name];
  return current !== undefined && current !== null && current !== '' && current !== old;
}

function isAsciiText(text: string): boolean {
  return isAscii(Buffer.from(text));
}

/** Half a surrogate pair is a legal JSON escape, but no character: engines refuse or mangle it, so it becomes U+FFFD. */
function wellFormed(json: string): string {
  if (!json.includes('\\ud')) return json;
  return json.replace(/\\(?:u([0-9a-f]{4})|.)/g, (escape, hex: string | undefined) =>
    hex !== undefined && hex >= 'd800' && hex <= 'dfff' ? '\ufffd' : escape,
  );
}
