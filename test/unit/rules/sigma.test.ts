import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { sigmaRule } from '../../../src/rules/sigma.js';
import { uuidFrom } from '../../../src/rules/sigma/uuid.js';
import type { Detect, Rule } from '../../../src/rules/spec.js';
import { detects, ruleOf } from '../../support/rule-of.js';

interface Document {
  readonly title: string;
  readonly id: string;
  readonly name?: string;
  readonly level: string;
  readonly tags: readonly string[];
  readonly detection?: object;
  readonly correlation?: object;
}

function made(detect: Detect, more: Partial<Rule> = {}): Document[] {
  const rule = sigmaRule(ruleOf(detect, more));
  if ('whyNot' in rule) throw new Error(rule.whyNot);
  return parseAllDocuments(rule.body).map((document) => document.toJS() as Document);
}

const uuid = '4c5a0632-7685-4114-9c3c-b515dd1c8aaf';

describe('Sigma rules', () => {
  it('are one document where any event counts', () => {
    const [rule, ...others] = made(detects.each);
    expect(others).to.deep.equal([]);
    expect(rule).to.include({ id: uuid, level: 'high', status: 'experimental' });
    expect(rule?.detection).to.deep.equal({
      selection: { 'event.code': 'flow-established' },
      condition: 'selection',
    });
  });

  it('say in their titles whose they are', () => {
    expect(made(detects.threshold).map(({ title }) => title)).to.deep.equal([
      'CloudConnexa: Some rule: event',
      'CloudConnexa: Some rule',
    ]);
  });

  it('have tactics and techniques as tags', () => {
    const [rule] = made(detects.each, { attack: ['T1021.001', 'T1046'] });
    expect(rule?.tags).to.deep.equal([
      'attack.discovery',
      'attack.lateral-movement',
      'attack.t1021.001',
      'attack.t1046',
    ]);
  });

  it('count events by a correlation, which has the id of the rule', () => {
    const [base, correlation] = made(detects.threshold);
    expect(base).to.include({ id: uuidFrom(uuid, 'some_rule_event'), level: 'informational' });
    expect(correlation).to.include({ id: uuid, level: 'high' });
    expect(correlation?.correlation).to.deep.equal({
      type: 'event_count',
      rules: [base?.name],
      'group-by': ['organization.id', 'user.id'],
      timespan: '1h',
      condition: { gte: 50 },
    });
  });

  it('count distinct values by a correlation', () => {
    expect(made(detects.distinct)[1]?.correlation).to.deep.include({
      type: 'value_count',
      condition: { field: 'destination.ip', gte: 15 },
    });
  });

  it('put what was counted before what follows', () => {
    const [first, then, counted, rule] = made(detects.sequence);
    expect(counted?.correlation).to.deep.include({ type: 'event_count', rules: [first?.name], condition: { gte: 5 } });
    expect(rule?.correlation).to.deep.include({ type: 'temporal_ordered', rules: [counted?.name, then?.name] });
    expect(rule?.id).to.equal(uuid);
    expect(then?.detection).to.deep.equal({
      selection: { 'event.code': 'flow-established' },
      selection_2: { 'event.action': 'flow_allowed' },
      condition: 'selection and selection_2',
    });
  });

  it('say every condition', () => {
    const where = {
      'user.name': { not: 'a*b?c\\d' },
      'destination.ip': { cidr: ['10.0.0.0/8'] },
      'destination.port': { gte: 1, lt: 1024 },
      'host.id': { exists: false },
      'source.ip': { exists: true },
      'rule.id': ['1', '2'],
    };
    expect(made(detects.each, { where })[0]?.detection).to.deep.equal({
      selection: {
        'destination.ip|cidr': '10.0.0.0/8',
        'destination.port|gte': 1,
        'destination.port|lt': 1024,
        'source.ip|exists': true,
        'rule.id': ['1', '2'],
      },
      except: [{ 'user.name': 'a\\*b\\?c\\\\d' }, { 'host.id|exists': true }],
      condition: 'selection and not except',
    });
  });

  for (const kind of ['new_value', 'indicator', 'silence'] as const)
    it(`say why there is none of kind ${kind}`, () => {
      expect(sigmaRule(ruleOf(detects[kind])))
        .to.have.property('whyNot')
        .that.matches(/^Sigma /);
    });

  it('have derived ids as RFC 9562 makes them', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(uuidFrom(dns, 'www.example.com')).to.equal('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});
