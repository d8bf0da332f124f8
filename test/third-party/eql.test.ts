import { expect } from 'chai';
import { targetFields } from '../../src/map/fields.js';
import type { JsonObject } from '../../src/record.js';
import { kibanaRules } from '../../src/rules/kibana.js';
import { loadRules } from '../../src/rules/load.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { documentsOf, trialsOf } from '../support/evidence.js';
import { runPython } from '../support/python-tools.js';

interface Checked {
  readonly fault: string | null;
  /** Matches in the documents of each case. */
  readonly found: Readonly<Record<string, number>>;
}

const rules = loadRules();
const queries = Object.fromEntries(
  kibanaRules(rules).flatMap((rule) => (rule.type === 'eql' ? [[rule.rule_id, rule.query]] : [])),
);
const fields = Object.fromEntries(targetFields().map(({ name, type }) => [name, type]));
const trials = rules.filter(({ id }) => id in queries).flatMap(trialsOf);

const timeOf = (document: JsonObject): number => Date.parse(document['@timestamp'] as string);

/** Each with what must be said of it. */
const mistakes: Readonly<Record<string, readonly [query: string, said: RegExp]>> = {
  field: ['sequence by user.nam [any where true] [any where true]', /Field not recognized/],
  syntax: ['sequence by user.name [any where true] with run=3 [any where true]', /Invalid syntax/],
  type: ['any where destination.port == "https"', /Invalid comparison/],
};
const wrong = Object.fromEntries(Object.entries(mistakes).map(([kind, [query]]) => [kind, query]));

describe("EQL rules in Elastic's parser and engine", () => {
  let checked: Readonly<Record<string, Checked>>;

  before(async function () {
    checked = (await startOrSkip(this, () =>
      runPython('check_eql.py', { fields, queries: { ...queries, ...wrong }, events: events() }),
    )) as typeof checked;
  });

  /** Documents of each case of evidence, in the order of their time. */
  function events(): Record<string, Record<string, object[]>> {
    const now = new Date();
    const byRule: Record<string, Record<string, object[]>> = {};
    for (const trial of trials) {
      const documents = documentsOf(trial, now, 'eql').map(({ document }) => document);
      documents.sort((a, b) => timeOf(a) - timeOf(b));
      (byRule[trial.rule.id] ??= {})[trial.title] = documents;
    }
    return byRule;
  }

  for (const id of Object.keys(queries))
    it(`${id} is understood`, () => {
      expect(checked[id]?.fault).to.equal(null);
    });

  for (const { rule, title, fires } of trials)
    it(`${rule.id} ${title}`, () => {
      expect(checked[rule.id]?.found[title])
        .to.be.a('number')
        .that.satisfies((found: number) => found > 0 === fires);
    });

  for (const [kind, [, said]] of Object.entries(mistakes))
    it(`a mistake of ${kind} is found`, () => {
      expect(checked[kind]?.fault).to.match(said);
    });
});
