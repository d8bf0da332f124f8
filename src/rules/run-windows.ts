import type { Finding } from './finding.js';
import { stretchesOf, windowsOf } from './period.js';
import { byGroup, eventsOf, findingOf, type Watch } from './run-watch.js';
import { askTallies } from './search-pages.js';
import type { Tally } from './search.js';
import type { DistinctDetect, EachDetect, Rule, ThresholdDetect } from './spec.js';

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
