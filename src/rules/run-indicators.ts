import type { Finding } from './finding.js';
import { durationMs, stretchesOf, windowsOf } from './period.js';
import { byGroup, eventsOf, findingOf, type Watch } from './run-watch.js';
import { askTallies } from './search-pages.js';
import type { Tally } from './search.js';
import type { Scalar } from '../query/where.js';
import type { IndicatorDetect, Rule } from './spec.js';

/** Values asked for in one search. */
const CHUNK = 1000;

/** Rules of threat intelligence. The values that occurred are looked up there, so that it may be of any size. */
export async function findIndicators(watch: Watch, rule: Rule, detect: IndicatorDetect): Promise<Finding[]> {
  const { filters, span } = watch;
  const { groupBy, field } = detect;
  const whole = { clock: span.clock, from: span.from, to: span.to };
  const values = await askTallies(watch, { filters, span: whole, by: [field] });
  const known = await knownIndicators(
    watch,
    detect,
    values.map(({ key }) => key[field] ?? ''),
  );
  const findings: Finding[] = [];
  for (let i = 0; i < known.length; i += CHUNK) {
    const hit = { terms: { [field]: known.slice(i, i + CHUNK) } };
    const tallies = await askTallies(watch, { filters: [...filters, hit], span, by: [...groupBy, field] });
    findings.push(...hitsOf(rule, detect, tallies));
  }
  return findings;
}

function hitsOf(rule: Rule, { groupBy, field }: IndicatorDetect, tallies: readonly Tally[]): Finding[] {
  return byGroup(tallies, [...groupBy, field]).flatMap((rows) =>
    stretchesOf(windowsOf(rows, eventsOf)).map((stretch) => findingOf(rule, stretch.rows, String(rows[0]?.key[field]))),
  );
}

async function knownIndicators(
  watch: Watch,
  { indicators, indicatorField, indicatorAge }: IndicatorDetect,
  values: readonly Scalar[],
): Promise<readonly Scalar[]> {
  const { span } = watch;
  const from = new Date(span.from.getTime() - durationMs(indicatorAge));
  const young = { clock: '@timestamp', from, to: span.to } as const;
  const known: Scalar[] = [];
  for (let i = 0; i < values.length; i += CHUNK) {
    const filters = [{ terms: { [indicatorField]: values.slice(i, i + CHUNK) } }];
    const found = await askTallies(
      { ...watch, pattern: indicators.join(',') },
      { filters, span: young, by: [indicatorField] },
    );
    known.push(...found.map(({ key }) => key[indicatorField] ?? ''));
  }
  return known;
}
