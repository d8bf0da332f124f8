import { isIP } from 'node:net';
import type { DecodedEvent, JsonValue } from '../../src/record.js';

/**
 * Whether the reference mapper was written for an event: what is unknown in it is simple, and its addresses, protocols and
 * numbers are of the kinds that the reference knows.
 */
export function hasReference({ value, rawText }: DecodedEvent): boolean {
  return rawText === undefined && isSimple(value, 0);
}

function isSimple(value: JsonValue, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !isForeignProtocol(String(value));
  if (typeof value === 'string') return value.length < 8000 && !isOddAddress(value) && !isForeignProtocol(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value))
    return value.every((item) => item !== null && item !== '' && isSimple(item, depth + 1)) && value.length > 0;
  const entries = Object.entries(value);
  if (depth > 0 && entries.length === 0) return false;
  return (
    depth < 3 &&
    entries.every(
      ([key, inner]) =>
        isPlainKey(key) && isSimple(inner, depth + 1) && !(depth > 1 && (inner === null || inner === '')),
    )
  );
}

function isPlainKey(key: string): boolean {
  return /^[\w@-][\w .@-]*$/.test(key) && !key.includes('..') && !key.endsWith('.') && key.length < 256;
}

const SIMPLE_V6 = /^(?:::1|fd00::1|fe80::1|2a00:1450:4001::8a|2a00:1450::8a|::ffff:10\.0\.0\.1|::ffff:8\.8\.4\.4)$/;

function isOddAddress(text: string): boolean {
  return isIP(text) === 6 && !SIMPLE_V6.test(text);
}

const KNOWN_PROTOCOLS = new Set(['6', '17', '1', '58', '50', '47']);

/** A number of a protocol that the reference does not know. */
function isForeignProtocol(text: string): boolean {
  return /^\s*\d{1,3}\s*$/.test(text) && !KNOWN_PROTOCOLS.has(text) && Number(text) < 256;
}
