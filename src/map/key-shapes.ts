import type { JsonObject } from '../record.js';

/** What is worth knowing of an object's keys, worked out once for all objects with the same keys in the same order. */
export interface KeyShape {
  /** Keys that the field list does not have. */
  readonly unknown: readonly string[];
  /** Keys that have no place in the canonical order. */
  readonly unplaced: readonly string[];
  /** All keys have a place in the canonical order, and come in it. */
  readonly inOrder: boolean;
}

/** Shapes remembered per level; a sender writes few, so a short list found by comparison beats a map keyed by joined names. */
const MAX_SHAPES = 8;
/** Keys with more characters in all are not remembered: a sender of hundred thousands of keys must not fill the memory. */
const MAX_KEPT_CHARS = 16 * 1024;

/** Looks up the shapes of objects at one level of an event. */
export class KeyShapes {
  readonly #known: ReadonlySet<string>;
  readonly #order: ReadonlyMap<string, number>;
  readonly #found: { readonly keys: readonly string[]; readonly shape: KeyShape }[] = [];

  /**
   * @param known all keys of the list
   * @param order those with a place in the canonical order, in that order
   */
  constructor(known: readonly string[], order: readonly string[]) {
    this.#known = new Set(known);
    this.#order = new Map(order.map((key, place) => [key, place]));
  }

  of(object: JsonObject): KeyShape {
    const keys = Object.keys(object);
    for (const { keys: others, shape } of this.#found) {
      if (sameKeys(others, keys)) return shape;
    }
    return this.#add(keys);
  }

  #add(keys: readonly string[]): KeyShape {
    const unknown = keys.filter((key) => !this.#known.has(key));
    const unplaced = keys.filter((key) => !this.#order.has(key));
    const places = keys.map((key) => this.#order.get(key) ?? -1);
    const inOrder = places.every((place, i) => place > (places[i - 1] ?? -1));
    const shape = { unknown, unplaced, inOrder };
    if (keys.reduce((chars, key) => chars + key.length, 0) > MAX_KEPT_CHARS) return shape;
    if (this.#found.length >= MAX_SHAPES) this.#found.pop();
    this.#found.unshift({ keys, shape });
    return shape;
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}
