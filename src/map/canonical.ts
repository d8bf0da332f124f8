import { compileFunction } from 'node:vm';
import type { JsonObject, JsonValue } from '../record.js';
import type { EventMapping } from './list.js';
import { CLOSE_OBJECT, OPEN, openObject, writeMember } from './pieces.js';

/** Nesting that the canonical form follows; real events have two levels. */
const MAX_DEPTH = 100;

/** Thrown when a value is nested too deep to be followed. */
export class TooDeep extends Error {}

/** Set when a value has a number that JavaScript may not hold as it was written. */
export interface Exactness {
  inexact: boolean;
}

/**
 * Canonical JSON by RFC 8785: no white space, keys sorted by UTF-16 code units, shortest escapes. Neither layout nor the
 * order of keys changes it. Types count: 6 and "6" differ, as do null, "" and a missing key.
 *
 * @throws TooDeep
 */
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

/** The canonical text of an event that has no keys but those of its list and no string that needs escaping. */
export type CanonicalWriter = (event: JsonObject, exactness: Exactness) => string;

/** Compiles what {@link canonicalText} does for the events of one list: the keys are known, so nothing is sorted. */
export function compileCanonical(mapping: EventMapping): CanonicalWriter {
  const names = mapping.fields.flatMap((field) => [field.vendor, ...field.aliases]);
  const header = [...names.filter((name) => !name.startsWith('log.')), 'log'].sort();
  const log = names.filter((name) => name.startsWith('log.')).map((name) => name.slice(4));
  const source = [
    `'use strict';`,
    `return (event, exactness) => {`,
    `const log = event.log;`,
    `let s = '{', end = ${OPEN};`,
    ...header.flatMap((key) => (key === 'log' ? logStatements(log.sort()) : memberStatements('event', key))),
    CLOSE_OBJECT,
    `return s;`,
    `};`,
  ].join('\n');
  const make = compileFunction(source, ['canonicalText'], { filename: `canonical-of-${mapping.event}.js` }) as (
    text: typeof canonicalText,
  ) => CanonicalWriter;
  return make(canonicalText);
}

function memberStatements(object: string, key: string): string[] {
  return [
    `{ const v = ${object}[${JSON.stringify(key)}];`,
    `if (typeof v === 'string') { ${writeMember(key, 'string', 'v')} }`,
    `else if (v !== undefined) { ${writeMember(key, 'json', 'canonicalText(v, exactness, 1)')} } }`,
  ];
}

function logStatements(keys: readonly string[]): string[] {
  return [
    `if (typeof log === 'object' && log !== null && !Array.isArray(log)) {`,
    openObject('log'),
    ...keys.flatMap((key) => memberStatements('log', key)),
    CLOSE_OBJECT,
    `} else {`,
    ...memberStatements('event', 'log'),
    `}`,
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
