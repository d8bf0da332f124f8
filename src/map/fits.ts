import type { Fits } from './list.js';
import { epochMillis } from './timestamp.js';

/** What a `fits` of a field list means: how a fitting value looks in JSON Schema, and which type its document field has. */
export interface Fit {
  /** JSON types of a present value. */
  readonly types: readonly string[];
  /** Further JSON Schema keywords; those for numbers and for strings each apply to their own type. */
  readonly keywords: Readonly<Record<string, unknown>>;
  /** Elasticsearch field type of an own field with such a value. */
  readonly fieldType: 'keyword' | 'long' | 'boolean' | 'ip' | 'date';
  /** What a person is told when a value does not fit. */
  readonly expected: string;
}

/** 285 years. */
export const MAX_SECONDS = 9_000_000_000;

/**
 * The vendor's types lie: numbers come as text and booleans as words, so each fit takes the forms seen.
 * The formats are comparisons (below), not regular expressions: they run for every event.
 */
export const fits: Readonly<Record<Fits, Fit>> = {
  text: { types: ['string', 'number', 'boolean'], keywords: {}, fieldType: 'keyword', expected: 'text' },
  integer: {
    types: ['integer', 'string'],
    keywords: { minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, format: 'decimal-integer' },
    fieldType: 'long',
    expected: 'an integer',
  },
  count: {
    types: ['integer', 'string'],
    keywords: { minimum: 0, maximum: Number.MAX_SAFE_INTEGER, format: 'decimal-integer' },
    fieldType: 'long',
    expected: 'a whole number from 0',
  },
  // In nanoseconds it has to stay below 2^63: the engines refuse a document with a greater one.
  seconds: {
    types: ['integer', 'string'],
    keywords: { minimum: 0, maximum: MAX_SECONDS, format: 'second-count' },
    fieldType: 'long',
    expected: `a number of seconds from 0 to ${MAX_SECONDS}`,
  },
  port: {
    types: ['integer', 'string'],
    keywords: { minimum: 0, maximum: 65535, format: 'port-number' },
    fieldType: 'long',
    expected: 'a port number from 0 to 65535',
  },
  protocol_number: {
    types: ['integer', 'string'],
    keywords: { minimum: 0, maximum: 255, format: 'iana-protocol-number' },
    fieldType: 'long',
    expected: 'an IANA protocol number from 0 to 255',
  },
  boolean: {
    types: ['boolean', 'string'],
    keywords: { format: 'boolean-word' },
    fieldType: 'boolean',
    expected: 'true or false',
  },
  ip: { types: ['string'], keywords: { format: 'ip-address' }, fieldType: 'ip', expected: 'an IP address' },
  time: {
    types: ['string'],
    keywords: { format: 'iso-time' },
    fieldType: 'date',
    expected: 'an ISO 8601 time with date and time of day',
  },
  timestamp: {
    types: ['string'],
    keywords: { format: 'event-time' },
    fieldType: 'date',
    expected: 'an ISO 8601 time with date and time of day',
  },
};

/**
 * The formats named in the schemas, as ajv takes them; `isIp` comes from the caller, who caches it.
 * "" counts as a missing value and fits, but for the event's time.
 */
export function fitFormats(isIp: (text: string) => boolean): Record<string, (text: string) => boolean> {
  return {
    'decimal-integer': (text) => text === '' || Number.isSafeInteger(decimal(text)),
    'second-count': (text) => text === '' || decimal(text) <= MAX_SECONDS,
    'port-number': (text) => text === '' || decimal(text) <= 65535,
    'iana-protocol-number': (text) => text === '' || decimal(text) <= 255,
    'boolean-word': (text) => text === '' || truth(text) !== undefined,
    'ip-address': (text) => text === '' || isIp(text),
    'iso-time': (text) => text === '' || epochMillis(text) !== undefined,
    'event-time': (text) => epochMillis(text) !== undefined,
  };
}

/** The number that a run of decimal digits stands for; NaN for any other text, so that every comparison with it fails. */
export function decimal(text: string): number {
  if (text.length === 0 || text.length > 16) return NaN;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The documentation says 'True' and 'False', the wire says true: both, and any case. */
export function truth(value: string | boolean): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value.length > 5) return undefined;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
