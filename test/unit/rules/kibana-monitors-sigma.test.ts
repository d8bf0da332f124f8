import { expect } from 'chai';
import { loadRules } from '../../../src/rules/load.js';
import { expressed, generateRules } from '../../../src/rules/targets.js';
import { detects, ruleOf } from '../../support/rule-of.js';

const rules = loadRules();
const files = new Map(generateRules().map(({ path, content }) => [path, content]));

describe('rules in the terms of targets', () => {
  it('are said to be impossible with the reason', () => {
    expect(expressed(ruleOf(detects.indicator))).to.deep.equal({
      kibana: 'Indicator match rule.',
      opensearch: 'Not expressible: a monitor cannot look up the values of one index in another.',
      sigma: 'Not expressible: Sigma does not look up values in other data.',
    });
  });

  for (const rule of rules)
    it(`${rule.id} is in the files of each target, or said to be impossible`, () => {
      const isPossible = Object.entries({ ...expressed(rule) }).map(([name, said]) => [name, !said.startsWith('Not ')]);
      const kibana = files.get('rules/generated/kibana.ndjson') ?? '';
      expect({
        kibana: kibana.includes(`"rule_id":"${rule.id}"`),
        opensearch: files.has(`rules/generated/opensearch/${rule.id}.json`),
        sigma: files.has(`rules/generated/sigma/${rule.id}.yml`),
      }).to.deep.equal(Object.fromEntries(isPossible));
    });
});
