import { keyText, type Watch } from './run-watch.js';
import { keep, readTallies } from './search-pages.js';
import type { Key, Tally } from './search.js';
import type { DistinctDetect } from './spec.js';

/** A stretch of time in which a group may have enough distinct values in some window. */
export interface Candidate {
  readonly key: Key;
  /** First and last slot. */
  readonly start: number;
  readonly end: number;
}

/**
 * The groups and times worth reading the values of. Most groups never come near `atLeast`, and the values of all of them in each slot
 * would be far more than memory holds. Two slots together have no more distinct values than their sum. The engine's estimate may be
 * some per cent off beyond four times `atLeast`, which changes nothing; a higher precision costs it memory for each bucket.
 * @throws ConnectorError as `readTallies` and `keep` do
 */
export async function findCandidates(watch: Watch, { groupBy, field, atLeast }: DistinctDetect): Promise<Candidate[]> {
  const question = { ...watch, by: groupBy, values: { field, upTo: Math.max(100, 4 * atLeast) } };
  const candidates: Candidate[] = [];
  let before: Tally | undefined;
  for await (const tally of readTallies(watch, question)) {
    const neighbour = before !== undefined && follows(tally, before) ? before : undefined;
    if ((tally.values ?? 0) + (neighbour?.values ?? 0) >= atLeast) {
      const window = { key: tally.key, start: neighbour?.slot ?? tally.slot, end: tally.slot };
      const last = candidates.at(-1);
      // As windows are joined to stretches: a finding must not be read in two parts.
      if (last !== undefined && window.start <= last.end + 1 && isSame(last, window))
        candidates.splice(-1, 1, { ...last, end: window.end });
      else keep(candidates, window, question);
    }
    before = tally;
  }
  return candidates;
}

function follows(tally: Tally, before: Tally): boolean {
  return tally.slot === before.slot + 1 && isSame(tally, before);
}

function isSame(one: { readonly key: Key }, other: { readonly key: Key }): boolean {
  return keyText(one.key) === keyText(other.key);
}
