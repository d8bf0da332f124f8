import { expect } from 'chai';
import { loadRules } from '../../src/rules/load.js';
import { sigmaRule } from '../../src/rules/sigma.js';
import type { Detect } from '../../src/rules/spec.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runPython } from '../support/python-tools.js';

interface Checked {
  readonly faults: readonly string[];
  /** By back end what became of the rule; null where it cannot. */
  readonly queries: Readonly<Record<string, string | null>>;
}

const made = loadRules().flatMap((rule) => {
  const sigma = sigmaRule(rule);
  return 'body' in sigma ? [{ id: rule.id, kind: rule.detect.kind, text: sigma.body }] : [];
});
const texts = Object.fromEntries(made.map(({ id, text }) => [id, text]));
const [good = ''] = Object.values(texts);

const mistakes = {
  technique: good.replace(/attack\.t\d{4}/, 'attack.t9999'),
  tactic: good.replace('attack.discovery', 'attack.disco'),
  condition: good.replace('condition: selection', 'condition: selektion'),
  modifier: good.replace('event.code:', 'event.code|is:'),
  id: good.replace(/^id: /m, 'id: x'),
};

/** Only the back ends of newer query languages know correlations, and none of them an order of what has been counted. */
const converters: Readonly<Partial<Record<Detect['kind'], readonly string[]>>> = {
  each: ['lucene', 'esql', 'opensearch_lucene', 'open_search_ppl'],
  threshold: ['esql', 'open_search_ppl'],
  distinct: ['esql', 'open_search_ppl'],
};

describe("Sigma rules in Sigma's parser, validators and converters", () => {
  let checked: Readonly<Record<string, Checked>>;

  before(async function () {
    checked = (await startOrSkip(this, () => runPython('check_sigma.py', { ...texts, ...mistakes }))) as typeof checked;
  });

  for (const { id, kind } of made) {
    it(`${id} is without fault`, () => {
      expect(checked[id]?.faults).to.deep.equal([]);
    });

    for (const backend of converters[kind] ?? [])
      it(`${id} is converted by ${backend}`, () => {
        expect(checked[id]?.queries[backend]).to.be.a('string').that.includes('event.');
      });
  }

  for (const kind of Object.keys(mistakes))
    it(`a mistake of ${kind} is found`, () => {
      expect(checked[kind]?.faults).to.have.length.above(0);
    });
});
