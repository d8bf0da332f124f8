import { expect } from 'chai';
import { targetFields } from '../../src/map/fields.js';
import { kibanaRules } from '../../src/rules/kibana.js';
import { loadRules } from '../../src/rules/load.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runPython } from '../support/python-tools.js';

const queries = Object.fromEntries(
  kibanaRules(loadRules()).flatMap((rule) => (rule.type === 'esql' ? [[rule.rule_id, rule.query]] : [])),
);
const fields = Object.fromEntries(targetFields().map(({ name, type }) => [name, type]));

const from = 'FROM logs-cloudconnexa.*-*';
const mistakes = {
  field: `${from} | STATS last = MAX(event.ingest) | KEEP last`,
  function: `${from} | STATS last = LATEST(event.ingested) | KEEP last`,
  syntax: `${from} | WHERE event.ingested = NOW() | STATS n = COUNT(*) | KEEP n`,
  kql: `${from} | WHERE KQL("event.module: (") | STATS n = COUNT(*) | KEEP n`,
  keep: `${from} | STATS n = COUNT(*)`,
};

describe("ES|QL rules in Elastic's parser", () => {
  let faults: Readonly<Record<string, string | null>>;

  before(async function () {
    faults = (await startOrSkip(this, () =>
      runPython('check_esql.py', { fields, queries: { ...queries, ...mistakes } }),
    )) as typeof faults;
  });

  for (const id of Object.keys(queries))
    it(`${id} is understood`, () => {
      expect(faults[id]).to.equal(null);
    });

  for (const kind of Object.keys(mistakes))
    it(`a mistake of ${kind} is found`, () => {
      expect(faults[kind]).to.be.a('string');
    });
});
