import { asList, asObject } from '../target/answer.js';
import type { Finding } from './finding.js';
import type { Watch } from './run-watch.js';
import { search } from './search-pages.js';
import { keyQueries, spanQuery, type Key, type Query } from './search.js';
import type { Rule } from './spec.js';

/** Findings of a rule that get an example: who reads on looks at the events themselves. */
const EXAMPLES = 10;

/** Adds what one event of each of the first findings says: the last one, which of a sequence is its success. */
export async function withExamples(watch: Watch, rule: Rule, findings: readonly Finding[]): Promise<Finding[]> {
  const shown: Finding[] = [];
  for (const finding of findings) {
    const wanted = shown.length < EXAMPLES && finding.events > 0;
    const example = wanted ? await exampleOf(watch, rule, finding) : undefined;
    shown.push(example === undefined ? finding : { ...finding, example });
  }
  return shown;
}

async function exampleOf(watch: Watch, rule: Rule, finding: Finding): Promise<string | undefined> {
  const time = { clock: '@timestamp', from: new Date(finding.from), to: new Date(finding.to) } as const;
  const filter: Query[] = [
    ...watch.filters,
    spanQuery(watch.span),
    spanQuery(time),
    ...keyQueries(keyOf(rule, finding)),
  ];
  const body = { size: 1, query: { bool: { filter } }, sort: [{ '@timestamp': 'desc' }], _source: ['message'] };
  const { hits } = asObject(await search(watch, body));
  const { message } = asObject(asObject(asList(asObject(hits)['hits'])[0])['_source']);
  return typeof message === 'string' ? message : undefined;
}

function keyOf({ detect }: Rule, { group, found }: Finding): Key {
  const hasValue = detect.kind === 'new_value' || detect.kind === 'indicator';
  return hasValue ? { ...group, [detect.field]: found } : group;
}
