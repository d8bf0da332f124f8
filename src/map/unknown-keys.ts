import type { JsonObject } from '../record.js';

/** Sets of keys remembered per level; a sender writes few, so a short list found by comparison beats a map keyed by joined names. */
const MAX_SHAPES = 8;

interface Shape {
  readonly keys: readonly string[];
  readonly unknown: readonly string[];
}

/** Finds the keys of an object that a field list does not have, worked out once for all objects with the same keys. */
export class UnknownKeys {
  readonly #known: ReadonlySet<string>;
  readonly #shapes: Shape[] = [];

  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
  }

  of(object: JsonObject): readonly string[] {
    const keys = Object.keys(object);
    for (const shape of this.#shapes) {
      if (sameKeys(shape.keys, keys)) return shape.unknown;
    }
    const shape = { keys, unknown: keys.filter((key) => !this.#known.has(key)) };
    if (this.#shapes.length >= MAX_SHAPES) this.#shapes.pop();
    this.#shapes.unshift(shape);
    return shape.unknown;
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}
