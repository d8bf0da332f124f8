import { createRandom, type Random } from '../../src/sample/random.js';
import type { Family, Fault, Kind } from './fault.js';

/** What takes long has its place only in runs that are longer. */
export const LONG_RUN_MS = 300_000;

/**
 * The faults of a run in the order of their times: the same for the same seed, length and families. Each family has its
 * own sequence of random numbers, so that leaving one out does not change the others.
 */
export function writeScript(seed: number, forMs: number, families: readonly Family[]): Fault[] {
  return families
    .flatMap((family) => partOf(family, createRandom(seed ^ hash(family.name)), forMs))
    .sort((a, b) => a.atMs - b.atMs);
}

function partOf(family: Family, random: Random, forMs: number): Fault[] {
  const faults: Fault[] = [];
  const deals = dealer(family, random);
  let atMs = 0;
  for (;;) {
    atMs += family.everyMs / 2 + random.below(family.everyMs);
    while (atMs < forMs && family.isActive?.(atMs) === false) atMs += 250;
    if (atMs >= forMs) return faults;
    const [kind, { amount = [0, 0] }] = deals();
    const [least, most] = amount;
    faults.push({ family: family.name, kind, atMs: Math.round(atMs), amount: least + random.below(most - least + 1) });
    if (family.isSingle === true) return faults;
  }
}

/** Kinds come as cards do: every one of a deal before the next deal, so that short runs miss few. */
function dealer(family: Family, random: Random): () => [string, Kind] {
  const deck = Object.entries(family.kinds).flatMap((entry) =>
    Array.from({ length: entry[1].share ?? 1 }, () => entry),
  );
  let cards: [string, Kind][] = [];
  return () => {
    if (cards.length === 0) cards = [...deck];
    const [card] = cards.splice(random.below(cards.length), 1);
    if (card === undefined) throw new RangeError(`the family ${family.name} has no kinds`);
    return card;
  };
}

/** FNV-1a. */
function hash(text: string): number {
  return [...text].reduce((sum, char) => Math.imul(sum ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5);
}
