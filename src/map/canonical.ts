import { compileFunction } from 'node:vm';
import type { JsonObject, JsonValue } from '../record.js';
import type { EventMapping } from './list.js';
import { CLOSED, CLOSE_OBJECT, IN_STRING, OPEN, openObject, writeMember } from './pieces.js';

/** Nesting that the canonical form follows; real events have two levels. */
const MAX_DEPTH = 100;

/** Thrown when a value is nested too deep to be followed. */
export class TooDeep extends Error {}

/** Set when a value has a number that JavaScript may not hold as it was written. */
export interface Exactness {
  inexact: boolean;
}

/** Keys of an event that have no place in the canonical order. */
export interface Unplaced {
  readonly header: readonly string[];
  readonly log: readonly string[];
}

/**
 * Canonical JSON of an event: no white space, shortest escapes, the keys of its field list in the list's order (which is
 * the vendor's), `log` behind the header's, and all others sorted behind those, as inside of them. Neither layout nor the
 * order of keys changes it. Types count: 6 and "6" differ, as do null, "" and a missing key.
 */
export interface Canonical {
  /** Whether an event's text, which has no backslash in it, is canonical as it stands: as the vendor writes it, it is. */
  readonly is: (event: JsonObject, text: string) => boolean;
  /**
   * @param plain no string in the event needs escaping
   * @throws TooDeep
   */
  readonly of: (event: JsonObject, unplaced: Unplaced, plain: boolean, exactness: Exactness) => string;
}

/** The keys that have a place in the canonical order, `log` aside. */
export function canonicalOrder(mapping: EventMapping): { header: string[]; log: string[] } {
  // A field that a later release adds to the list stays where it was sorted before, so that no id changes.
  const lasting = mapping.fields.filter((field) => field.since === undefined);
  const names = lasting.flatMap((field) => [field.vendor, ...field.aliases]);
  const log = names.filter((name) => name.startsWith('log.')).map((name) => name.slice(4));
  return { header: names.filter((name) => !name.startsWith('log.')), log };
}

/** Compiles {@link Canonical} for the events of one list. */
export function compileCanonical(mapping: EventMapping): Canonical {
  const { header, log } = canonicalOrder(mapping);
  const source = [
    "'use strict';",
    ...writerSource(header, log),
    ...checkSource(header, log),
    'return { is, of };',
  ].join('\n');
  const make = compileFunction(source, ['canonicalText'], { filename: `canonical-of-${mapping.event}.js` }) as (
    text: typeof canonicalText,
  ) => Canonical;
  return make(canonicalText);
}

/** Canonical JSON of any value, by RFC 8785: keys sorted by UTF-16 code units. */
export function canonicalText(value: JsonValue, exactness: Exactness, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) exactness.inexact = true;
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (depth > MAX_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, exactness, depth + 1)).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] as JsonValue, exactness, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function writerSource(header: readonly string[], log: readonly string[]): string[] {
  const member = (object: string, key: string): string[] => [
    `v = ${object}[${JSON.stringify(key)}];`,
    `if (typeof v === 'string' && plain) { ${writeMember(key, 'string', 'v')} }`,
    `else if (v !== undefined) { ${writeMember(key, 'json', 'canonicalText(v, exactness, 1)')} }`,
  ];
  const others = (object: string, keys: string): string[] => [
    `for (const key of [...${keys}].sort()) {`,
    `s = s + (end === ${OPEN} ? '' : end === ${IN_STRING} ? '",' : ',') + JSON.stringify(key) + ':';`,
    `s = s + canonicalText(${object}[key], exactness, 1); end = ${CLOSED}; }`,
  ];
  return [
    'const of = (event, unplaced, plain, exactness) => {',
    `let s = '{', end = ${OPEN}, v;`,
    'const log = event.log;',
    ...header.flatMap((key) => member('event', key)),
    `if (typeof log === 'object' && log !== null && !Array.isArray(log)) {`,
    openObject('log'),
    ...log.flatMap((key) => member('log', key)),
    ...others('log', 'unplaced.log'),
    CLOSE_OBJECT,
    '} else {',
    ...member('event', 'log'),
    '}',
    ...others('event', 'unplaced.header'),
    CLOSE_OBJECT,
    'return s;',
    '};',
  ];
}

/**
 * The text is canonical when it is as long as the canonical one and each number stands in it where it should: its keys are
 * compared by the caller, its strings need no escapes, and white space or a repeated key would make it longer.
 */
function checkSource(header: readonly string[], log: readonly string[]): string[] {
  // `at` is the offset of the next key or, in an object without members, of its end.
  const member = (object: string, key: string): string[] => [
    `v = ${object}[${JSON.stringify(key)}];`,
    `if (v !== undefined) {`,
    `at += ${JSON.stringify(key).length + 1};`,
    `if (typeof v === 'string') at += v.length + 2;`,
    `else if (v === true || v === null) at += 4;`,
    `else if (v === false) at += 5;`,
    `else if (Number.isSafeInteger(v)) { v = '' + v; if (!text.startsWith(v, at)) return false; at += v.length; }`,
    `else return false;`,
    `at += 1; }`,
  ];
  return [
    'const is = (event, text) => {',
    'let at = 1, v;',
    'const log = event.log;',
    ...header.flatMap((key) => member('event', key)),
    `if (typeof log === 'object' && log !== null && !Array.isArray(log)) {`,
    `at += ${'"log":{'.length};`,
    'const first = at;',
    ...log.flatMap((key) => member('log', key)),
    'if (at > first) at -= 1;',
    'at += 2;',
    '} else {',
    ...member('event', 'log'),
    '}',
    'return at === text.length;',
    '};',
  ];
}

/**
 * The JSON text without its insignificant white space: what stands for an event whose canonical form can't be had
 * from parsed values, because it holds numbers beyond double precision or is nested too deep.
 * The `#` keeps these apart from canonical texts.
 */
export function literalText(text: string): string {
  let result = '#';
  let from = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34) inString = false;
    } else if (code === 34) {
      inString = true;
    } else if (code === 32 || code === 9 || code === 10 || code === 13) {
      result += text.slice(from, i);
      from = i + 1;
    }
  }
  return result + text.slice(from);
}
