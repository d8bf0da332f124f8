import type { Finding } from './finding.js';
import { stretchesOf, windowsOf, type Window } from './period.js';
import { byGroup, eventsOf, findingOf, type Watch } from './run-watch.js';
import { askTallies, search } from './search-pages.js';
import { keyQueries, spanQuery, type Tally } from './search.js';
import { toDsl } from '../query/where.js';
import { asObject } from '../target/answer.js';
import type { DistinctDetect, EachDetect, Rule, SequenceDetect, ThresholdDetect } from './spec.js';

/** Rules that count events: any, or so many. */
export async function findCounts(watch: Watch, rule: Rule, detect: EachDetect | ThresholdDetect): Promise<Finding[]> {
  const tallies = await askTallies(watch.client, watch.pattern, { ...watch, by: detect.groupBy });
  const atLeast = detect.kind === 'each' ? 1 : detect.atLeast;
  return byGroup(tallies, detect.groupBy).flatMap((rows) => {
    const windows = windowsOf(rows, eventsOf).filter(({ found }) => found >= atLeast);
    // Any event of a stretch is one: there is no window to be the largest.
    return stretchesOf(windows).map((stretch) =>
      findingOf(rule, stretch.rows, detect.kind === 'each' ? eventsOf(stretch.rows) : stretch.found),
    );
  });
}

/** Rules that count distinct values: exact, as the values themselves are read. */
export async function findDistinct(watch: Watch, rule: Rule, detect: DistinctDetect): Promise<Finding[]> {
  const { groupBy, field, atLeast } = detect;
  const tallies = await askTallies(watch.client, watch.pattern, { ...watch, by: [...groupBy, field] });
  const values = (rows: readonly Tally[]): number => new Set(rows.map(({ key }) => key[field])).size;
  return byGroup(tallies, groupBy).flatMap((rows) =>
    stretchesOf(windowsOf(rows, values).filter(({ found }) => found >= atLeast)).map((stretch) =>
      findingOf(rule, stretch.rows, stretch.found),
    ),
  );
}

/** Rules that want an order: aggregations tell where both kinds of events are, a count for each of these whether their order is right. */
export async function findSequences(watch: Watch, rule: Rule, detect: SequenceDetect): Promise<Finding[]> {
  const { groupBy, first, then, atLeast } = detect;
  const tallies = await askTallies(watch.client, watch.pattern, { ...watch, by: groupBy, parts: { first, then } });
  const findings: Finding[] = [];
  for (const rows of byGroup(tallies, groupBy)) {
    const found: Window<Tally>[] = [];
    for (const window of windowsOf(rows, (both) => sum(both, 'first'))) {
      if (window.found < atLeast || sum(window.rows, 'then') === 0) continue;
      const before = await countBefore(watch, detect, window);
      if (before >= atLeast) found.push({ ...window, found: before });
    }
    findings.push(...stretchesOf(found).map((stretch) => findingOf(rule, stretch.rows, stretch.found)));
  }
  return findings;
}

function sum(rows: readonly Tally[], part: string): number {
  return rows.reduce((events, { parts }) => events + (parts[part]?.events ?? 0), 0);
}

/** Events that fit `first`, before the last one of the window that fits `then`. */
async function countBefore(
  watch: Watch,
  { first }: SequenceDetect,
  { rows, start, end }: Window<Tally>,
): Promise<number> {
  const [row] = rows;
  const last = Math.max(...rows.map(({ parts }) => parts['then']?.last ?? -Infinity));
  const { slotMs } = watch.span;
  const from = new Date(start * (slotMs ?? 0));
  const to = new Date((end + 1) * (slotMs ?? 0) - 1);
  const span = slotMs === undefined ? watch.span : { ...watch.span, from, to };
  const before = { range: { '@timestamp': { lt: new Date(last).toISOString() } } };
  const filter = [...watch.filters, spanQuery(watch.span), spanQuery(span), toDsl(first), before];
  const body = {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: [...filter, ...keyQueries(row?.key ?? {})] } },
  };
  const { hits } = asObject(await search(watch.client, watch.pattern, body));
  return Number(asObject(asObject(hits)['total'])['value']);
}
