import type { Finding } from './finding.js';
import { durationMs } from './period.js';
import { byGroup, findingOf, historyOf, keyText, partOfKey, type Watch } from './run-watch.js';
import { askTallies } from './search-pages.js';
import { anyOfKeys, type Key, type Tally } from './search.js';
import type { NewValueDetect, Rule } from './spec.js';

/** Keys asked for in one search: engines allow about a thousand clauses. */
const CHUNK = 200;

/** Rules that know what a group had before: what came in the windows is asked for in the time before them. */
export async function findNewValues(watch: Watch, rule: Rule, detect: NewValueDetect): Promise<Finding[]> {
  const { groupBy, field, history, newGroups } = detect;
  const tallies = await askTallies(watch, { ...watch, by: [...groupBy, field] });
  const knownValues = await knownBefore(watch, history, tallies, [...groupBy, field]);
  const knownGroups = newGroups ? new Set<string>() : await knownBefore(watch, history, tallies, groupBy);
  return byGroup(tallies, groupBy).flatMap((group) => {
    const start = Math.min(...group.map(({ slot }) => slot));
    const isKnown = knownGroups.has(keyText(partOfKey(group[0]?.key ?? {}, groupBy)));
    const news = byGroup(group, [...groupBy, field]).flatMap((rows) =>
      appearances(rows, watch, history, knownValues.has(keyText(rows[0]?.key ?? {}))),
    );
    return news
      .filter(([row]) => newGroups || isKnown || isSettled(row, start, watch))
      .map((rows) => findingOf(rule, rows, text(rows[0]?.key[field])));
  });
}

/**
 * A group without history gets known over half of a period; a single window is too short for that. Otherwise everything that people do
 * every day would be news on the first day of the data.
 * @param start the group's first slot
 */
function isSettled(row: Tally | undefined, start: number, { span: { from, to, slotMs } }: Watch): boolean {
  if (row === undefined || slotMs === undefined) return false;
  return (row.slot - start) * slotMs >= (to.getTime() - from.getTime()) / 2;
}

/** The tallies from each time on that a value is new, up to a pause: at first, or after as long a time as `history`. */
function appearances(
  rows: readonly Tally[],
  { span: { slotMs = 1 } }: Watch,
  history: string,
  known: boolean,
): readonly (readonly Tally[])[] {
  const runs: Tally[][] = [];
  let isNew = !known;
  let before: number | undefined;
  for (const row of [...rows].sort((a, b) => a.slot - b.slot)) {
    if (before !== undefined && row.slot - before > 1) isNew = (row.slot - before) * slotMs > durationMs(history);
    if (isNew && (before === undefined || row.slot - before > 1)) runs.push([row]);
    else if (isNew) runs.at(-1)?.push(row);
    before = row.slot;
  }
  return runs;
}

/** Which of the keys occurred in the time before, as {@link keyText}s. */
async function knownBefore(
  watch: Watch,
  history: string,
  tallies: readonly Tally[],
  by: readonly string[],
): Promise<ReadonlySet<string>> {
  const keys = new Map<string, Key>();
  for (const { key } of tallies) keys.set(keyText(partOfKey(key, by)), partOfKey(key, by));
  const all = [...keys.values()];
  const known = new Set<string>();
  for (let i = 0; i < all.length; i += CHUNK) {
    const filters = [...watch.filters, anyOfKeys(all.slice(i, i + CHUNK))];
    const found = await askTallies(watch, { filters, span: historyOf(watch.span, history), by });
    for (const { key } of found) known.add(keyText(key));
  }
  return known;
}

function text(value: string | number | boolean | undefined): string | number {
  return typeof value === 'number' ? value : String(value ?? '');
}
