import type { Finding } from './finding.js';
import { durationMs, stretchesOf, windowsOf } from './period.js';
import { byGroup, eventsOf, findingOf, type Watch } from './run-watch.js';
import { askTallies } from './search-pages.js';
import type { Scalar } from '../query/where.js';
import type { IndicatorDetect, Rule } from './spec.js';

/** Values asked for in one search. */
const CHUNK = 1000;

/** Rules of threat intelligence. The values that occurred are looked up there, so that it may be of any size. */
export async function findIndicators(watch: Watch, rule: Rule, detect: IndicatorDetect): Promise<Finding[]> {
  const { groupBy, field } = detect;
  const tallies = await askTallies(watch.client, watch.pattern, { ...watch, by: [...groupBy, field] });
  const known = await knownIndicators(watch, detect, [...new Set(tallies.map(({ key }) => key[field] ?? ''))]);
  const hits = tallies.filter(({ key }) => known.has(String(key[field])));
  return byGroup(hits, [...groupBy, field]).flatMap((rows) =>
    stretchesOf(windowsOf(rows, eventsOf)).map((stretch) => findingOf(rule, stretch.rows, String(rows[0]?.key[field]))),
  );
}

async function knownIndicators(
  { client, span }: Watch,
  { indicators, indicatorField, indicatorAge }: IndicatorDetect,
  values: readonly Scalar[],
): Promise<ReadonlySet<string>> {
  const from = new Date(span.from.getTime() - durationMs(indicatorAge));
  const young = { clock: '@timestamp', from, to: span.to } as const;
  const known = new Set<string>();
  for (let i = 0; i < values.length; i += CHUNK) {
    const filters = [{ terms: { [indicatorField]: values.slice(i, i + CHUNK) } }];
    const found = await askTallies(client, indicators.join(','), { filters, span: young, by: [indicatorField] });
    for (const { key } of found) known.add(String(key[indicatorField]));
  }
  return known;
}
