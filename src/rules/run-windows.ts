import { findCandidates, type Candidate } from './candidates.js';
import type { Finding } from './finding.js';
import { stretchesOf, windowsOf } from './period.js';
import { eventsOf, findingOf, keyText, partOfKey, type Watch } from './run-watch.js';
import { keep, readTallies } from './search-pages.js';
import { anyOf, keyQueries, spanQuery, type Query, type Question, type Tally } from './search.js';
import type { DistinctDetect, EachDetect, Rule, ThresholdDetect } from './spec.js';

/** Candidates asked for in one search: engines allow about a thousand clauses, and each has up to five. */
const CHUNK = 150;

/** Rules that count events: any, or so many. */
export async function findCounts(watch: Watch, rule: Rule, detect: EachDetect | ThresholdDetect): Promise<Finding[]> {
  const question = { ...watch, by: detect.groupBy };
  const atLeast = detect.kind === 'each' ? 1 : detect.atLeast;
  const findings: Finding[] = [];
  for await (const rows of groupsOf(watch, question, detect.groupBy)) {
    const windows = windowsOf(rows, eventsOf).filter(({ found }) => found >= atLeast);
    for (const stretch of stretchesOf(windows)) {
      // Any event of a stretch is one: there is no window to be the largest.
      const found = detect.kind === 'each' ? eventsOf(stretch.rows) : stretch.found;
      keep(findings, findingOf(rule, stretch.rows, found), question);
    }
  }
  return findings;
}

/** Rules that count distinct values: exact, as the values themselves are read, of those groups only that may have enough. */
export async function findDistinct(watch: Watch, rule: Rule, detect: DistinctDetect): Promise<Finding[]> {
  const { groupBy, field, atLeast } = detect;
  const candidates = await findCandidates(watch, detect);
  const values = (rows: readonly Tally[]): number => new Set(rows.map(({ key }) => key[field])).size;
  const findings: Finding[] = [];
  for (let i = 0; i < candidates.length; i += CHUNK) {
    const these = anyOf(candidates.slice(i, i + CHUNK).map((candidate) => candidateQueries(watch, candidate)));
    const question = { ...watch, filters: [...watch.filters, these], by: [...groupBy, field] };
    for await (const rows of groupsOf(watch, question, groupBy)) {
      const windows = windowsOf(rows, values).filter(({ found }) => found >= atLeast);
      for (const { rows, found } of stretchesOf(windows)) findings.push(findingOf(rule, rows, found));
    }
  }
  return findings;
}

/** The answers to a question, group by group: those of one group follow each other, and only these are kept. */
async function* groupsOf(
  watch: Watch,
  question: Question,
  fields: readonly string[],
): AsyncGenerator<readonly Tally[]> {
  let group: Tally[] = [];
  const textOf = ({ key }: Tally): string => keyText(partOfKey(key, fields));
  for await (const tally of readTallies(watch, question)) {
    if (group[0] !== undefined && textOf(group[0]) !== textOf(tally)) {
      yield group;
      group = [];
    }
    keep(group, tally, question);
  }
  if (group.length > 0) yield group;
}

function candidateQueries({ span: { clock, slotMs } }: Watch, { key, start, end }: Candidate): Query[] {
  if (slotMs === undefined) return keyQueries(key);
  const slots = { clock, from: new Date(start * slotMs), to: new Date((end + 1) * slotMs - 1) };
  return [...keyQueries(key), spanQuery(slots)];
}
