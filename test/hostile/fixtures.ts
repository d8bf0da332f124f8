import { readdirSync, readFileSync } from 'node:fs';
import { bytesOf, type Recipe } from './recipe.js';

const FOLDER = new URL('.', import.meta.url);

/** One attack with what must come of it: a file of this folder. */
export interface Attack {
  readonly name: string;
  /** What is done, and what must come of it, for a person. */
  readonly attack: string;
  readonly limits?: { readonly maxExpandedBytes?: number };
  readonly bytes: Buffer;
  readonly expected: {
    /** How many events; null where `atLeast` says it. */
    readonly events: number | null;
    readonly atLeast?: number;
    /** Reasons, in order. */
    readonly rejects: readonly string[];
    readonly ids?: 'same' | 'different';
    /** What is at a path of an event's document; nothing when there is no `value`. */
    readonly documents?: readonly {
      readonly event: number;
      readonly path: readonly string[];
      readonly value?: unknown;
    }[];
  };
}

export function readAttacks(): Attack[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return names.sort().map((file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Omit<Attack, 'name' | 'bytes'> & {
      bytes: Recipe;
    };
    let bytes: Buffer | undefined;
    // Made when it is needed: all bombs at once would fill the memory.
    return {
      ...fixture,
      name: file.replace('.json', ''),
      get bytes() {
        return (bytes ??= bytesOf(fixture.bytes));
      },
    };
  });
}
