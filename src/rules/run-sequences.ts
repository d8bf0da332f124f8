import { toDsl } from '../query/where.js';
import { asObject } from '../target/answer.js';
import type { Finding } from './finding.js';
import { stretchesOf, windowsOf, type Window } from './period.js';
import { byGroup, eventsOf, findingOf, type Watch } from './run-watch.js';
import { askTallies, search } from './search-pages.js';
import { keyQueries, spanQuery, type Query, type Tally } from './search.js';
import type { Rule, SequenceDetect } from './spec.js';

/**
 * Rules that want an order. Aggregations find the windows with enough events that fit `first`; these are few, and for each it is
 * asked when the last event that fits `then` was, and how many of the others came before it.
 */
export async function findSequences(watch: Watch, rule: Rule, detect: SequenceDetect): Promise<Finding[]> {
  const { groupBy, first, atLeast } = detect;
  const filters = [...watch.filters, toDsl(first)];
  const tallies = await askTallies(watch, { ...watch, filters, by: groupBy });
  const findings: Finding[] = [];
  for (const rows of byGroup(tallies, groupBy)) {
    const found: Window<Tally>[] = [];
    for (const window of windowsOf(rows, eventsOf)) {
      if (window.found >= atLeast) found.push(...(await completed(watch, detect, window)));
    }
    findings.push(...stretchesOf(found).map((stretch) => findingOf(rule, stretch.rows, stretch.found)));
  }
  return findings;
}

/** The window with the event that completes it, if one does. */
async function completed(
  watch: Watch,
  { first, then, atLeast }: SequenceDetect,
  window: Window<Tally>,
): Promise<Window<Tally>[]> {
  const key = window.rows[0]?.key ?? {};
  const filters = [...watch.filters, ...keyQueries(key), spanQuery(watch.span), ...slotsQuery(watch, window)];
  const { max, count } = await lastOf(watch, [...filters, toDsl(then)]);
  if (count === 0) return [];
  const before = { range: { '@timestamp': { lt: new Date(max).toISOString() } } };
  const { count: found } = await lastOf(watch, [...filters, toDsl(first), before]);
  if (found < atLeast) return [];
  const end: Tally = { key, slot: window.end, events: count, first: max, last: max };
  return [{ ...window, found, rows: [...window.rows, end] }];
}

/** The window's own time: two slots, also where the second one has no event that fits `first`. */
function slotsQuery({ span: { clock, slotMs } }: Watch, { start }: Window<Tally>): Query[] {
  if (slotMs === undefined) return [];
  return [spanQuery({ clock, from: new Date(start * slotMs), to: new Date((start + 2) * slotMs - 1) })];
}

/** How many documents fit, and when the last of them was. */
async function lastOf(watch: Watch, filter: readonly Query[]): Promise<{ max: number; count: number }> {
  const aggs = { last: { max: { field: '@timestamp' } } };
  const body = { size: 0, track_total_hits: true, query: { bool: { filter } }, aggs };
  const { hits, aggregations } = asObject(await search(watch, body));
  return {
    count: Number(asObject(asObject(hits)['total'])['value']),
    max: Number(asObject(asObject(aggregations)['last'])['value']),
  };
}
