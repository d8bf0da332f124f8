import { expect } from 'chai';
import { targetFields } from '../../src/map/fields.js';
import { kibanaRules } from '../../src/rules/kibana.js';
import { loadRules } from '../../src/rules/load.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runPython } from '../support/python-tools.js';

const counted = '| STATS n = COUNT(*) BY organization.id | KEEP n, organization.id';
const from = 'FROM logs-cloudconnexa.*-*';
const kql = (query: string): string => `${from} | WHERE KQL(${JSON.stringify(query)}) ${counted}`;

/** The parser reads KQL as well, inside of ES|QL. */
const queries = Object.fromEntries(
  kibanaRules(loadRules()).flatMap((rule): [string, string][] => {
    if (rule.type === 'esql') return [[rule.rule_id, rule.query]];
    if (rule.language !== 'kuery') return [];
    const own: [string, string] = [rule.rule_id, kql(rule.query)];
    return 'threat_query' in rule ? [own, [`${rule.rule_id}, its indicators,`, kql(rule.threat_query)]] : [own];
  }),
);
const fields = Object.fromEntries(targetFields().map(({ name, type }) => [name, type]));

/** Each with what must be said of it. */
const mistakes: Readonly<Record<string, readonly [query: string, said: RegExp]>> = {
  field: [`${from} | WHERE event.ingest > NOW() ${counted}`, /Unknown field 'event\.ingest'/],
  function: [`${from} | WHERE event.ingested > LATEST() ${counted}`, /Function LATEST/],
  syntax: [`${from} | WHERE event.ingested = NOW() ${counted}`, /mismatched input '='/],
  columns: [`${from} ${counted}, user.id`, /Unknown column 'user\.id'/],
  'a bracket in KQL': [kql('event.module: ('), /KQL/],
  'an operator in KQL': [kql('event.module: "a" nad event.code: "b"'), /KQL/],
  'a range in KQL': [kql('destination.port >='), /KQL/],
};
const wrong = Object.fromEntries(Object.entries(mistakes).map(([kind, [query]]) => [kind, query]));

describe("ES|QL and KQL rules in Elastic's parser", () => {
  let faults: Readonly<Record<string, string | null>>;

  before(async function () {
    faults = (await startOrSkip(this, () =>
      runPython('check_esql.py', { fields, queries: { ...queries, ...wrong } }),
    )) as typeof faults;
  });

  for (const id of Object.keys(queries))
    it(`${id} is understood`, () => {
      expect(faults[id]).to.equal(null);
    });

  for (const [kind, [, said]] of Object.entries(mistakes))
    it(`a mistake of ${kind} is found`, () => {
      expect(faults[kind]).to.match(said);
    });
});
