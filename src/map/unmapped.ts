import type { JsonObject, JsonValue } from '../record.js';

/** Levels kept as objects; below, the JSON text is kept. The engines' flattened types stop at 20. */
const MAX_DEPTH = 8;
const MAX_KEY_CHARS = 256;
/** A Lucene term holds 32,766 bytes, key path included; three bytes a UTF-16 unit at most. */
const MAX_TEXT_CHARS = 8_000;
/** Where the keys that the engines refuse are kept, as JSON text. */
const ODD_KEYS = 'odd_keys';

/**
 * What of the vendor's data no field list knows, in a form that both engines' flattened types index without fail:
 * null, "" and empty containers left out; depth bounded; a text too long for one term cut into a list of pieces;
 * an object with a key the engines refuse kept as JSON text.
 *
 * @throws RangeError when a value is nested so deep that its JSON text can't be made.
 */
export function unmappedObject(source: JsonObject, keys: readonly string[], depth = 1): JsonObject | undefined {
  // Without a prototype `__proto__` is a key like any other.
  const result = Object.create(null) as JsonObject;
  const odd = Object.create(null) as JsonObject;
  const allPlain = keys.every(isPlainKey);
  for (const key of keys) {
    const value = source[key] as JsonValue;
    // Where odd keys are put under that name, a vendor's own key of the name would be overwritten.
    if (allPlain || (isPlainKey(key) && key !== ODD_KEYS)) put(result, key, keep(value, depth));
    else odd[key] = value;
  }
  if (!allPlain) put(result, ODD_KEYS, keepText(JSON.stringify(odd)));
  return Object.keys(result).length === 0 ? undefined : result;
}

function put(target: JsonObject, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) target[key] = value;
}

function keep(value: JsonValue, depth: number): JsonValue | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string') return keepText(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return keepArray(value, depth);
  const keys = Object.keys(value);
  if (keys.length === 0) return undefined;
  return depth < MAX_DEPTH && keys.every(isPlainKey)
    ? unmappedObject(value, keys, depth + 1)
    : keepText(JSON.stringify(value));
}

/** Arrays of simple values stay arrays; others are kept as JSON text, as OpenSearch indexes no objects in them. */
function keepArray(values: readonly JsonValue[], depth: number): JsonValue | undefined {
  if (values.some((value) => typeof value === 'object' && value !== null)) return keepText(JSON.stringify(values));
  const kept = values.map((value) => keep(value, depth)).filter((value) => value !== undefined);
  return kept.length === 0 ? undefined : kept.flat();
}

function keepText(text: string): JsonValue {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const pieces: string[] = [];
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = at + MAX_TEXT_CHARS;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end--;
    pieces.push(text.slice(at, end));
  }
  return pieces;
}

/** Whether a unit is the first half of a character: cut behind it, neither piece would be text. */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Neither engine takes an empty key, an empty part between dots or a NUL. */
function isPlainKey(key: string): boolean {
  return (
    key.length > 0 &&
    key.length <= MAX_KEY_CHARS &&
    !key.includes('\0') &&
    !key.startsWith('.') &&
    !key.endsWith('.') &&
    !key.includes('..') &&
    key.trim() !== ''
  );
}
