import { expect } from 'chai';
import { targetFields } from '../../../src/map/fields.js';
import { kibanaNdjson, kibanaRule, kibanaRules, type KibanaRule } from '../../../src/rules/kibana.js';
import { loadRules } from '../../../src/rules/load.js';
import type { Detect, Rule } from '../../../src/rules/spec.js';
import { detects, ruleOf } from '../../support/rule-of.js';

function made(detect: Detect, more: Partial<Rule> = {}): KibanaRule {
  const rule = kibanaRule(ruleOf(detect, more));
  if ('whyNot' in rule) throw new Error(rule.whyNot);
  return rule.body;
}

const index = ['logs-cloudconnexa.*-*'];
const query = 'event.code: "flow-established"';

describe('Kibana rules', () => {
  it('query for what any event is', () => {
    expect(made(detects.each)).to.deep.include({ type: 'query', language: 'kuery', index, query });
  });

  it('ask for everything where there are no conditions', () => {
    expect(made(detects.each, { where: {} })).to.include({ query: '*:*' });
  });

  it('count events by threshold', () => {
    const threshold = { field: ['organization.id', 'user.id'], value: 50 };
    expect(made(detects.threshold)).to.deep.include({ type: 'threshold', query, threshold });
  });

  it('count distinct values by threshold with cardinality', () => {
    const cardinality = [{ field: 'destination.ip', value: 15 }];
    const threshold = { field: ['organization.id', 'user.id'], value: 1, cardinality };
    expect(made(detects.distinct)).to.deep.include({ type: 'threshold', query, threshold });
  });

  it('find sequences by EQL in the order of the events', () => {
    const rule = made(detects.sequence);
    expect(rule).to.include({ type: 'eql', language: 'eql', timestamp_field: '@timestamp' });
    expect('query' in rule && rule.query.split('\n')).to.deep.equal([
      'sequence by organization.id, user.id with maxspan=1h',
      '  [ any where event.code == "flow-established" and event.action == "flow_denied" ] with runs=5',
      '  [ any where event.code == "flow-established" and event.action == "flow_allowed" ]',
    ]);
  });

  it('ask EQL for one run without saying so', () => {
    expect(JSON.stringify(made({ ...detects.sequence, atLeast: 1 }))).to.not.include('runs');
  });

  it('say every condition in EQL', () => {
    const where = {
      'user.name': { not: ['a"b', 'c\\d'] },
      'destination.ip': { cidr: ['10.0.0.0/8', 'fc00::/7'] },
      'destination.port': { gte: 1, lt: 1024 },
      'host.id': { exists: false },
      'rule.id': ['1', '2'],
    };
    const eql = made({ ...detects.sequence, first: {}, then: {} }, { where });
    expect('query' in eql && eql.query.split('\n')[2]).to.equal(
      '  [ any where (user.name == null or not user.name in ("a\\"b", "c\\\\d"))' +
        ' and cidrMatch(destination.ip, "10.0.0.0/8", "fc00::/7")' +
        ' and destination.port >= 1 and destination.port < 1024' +
        ' and host.id == null and rule.id in ("1", "2") ]',
    );
  });

  it('find new values by new terms of the group and the field', () => {
    expect(made(detects.new_value)).to.deep.include({
      type: 'new_terms',
      new_terms_fields: ['organization.id', 'user.id', 'destination.port'],
      history_window_start: 'now-30d',
    });
  });

  it('match indicators that are young', () => {
    expect(made(detects.indicator)).to.deep.include({
      type: 'threat_match',
      threat_index: ['logs-ti_*'],
      threat_mapping: [{ entries: [{ field: 'destination.ip', type: 'mapping', value: 'threat.indicator.ip' }] }],
      threat_query: '@timestamp >= "now-30d" and threat.indicator.ip: * and not labels.is_ioc_transform_source: "true"',
    });
  });

  it('find silence by ES|QL, which has no index of its own', () => {
    const rule = made(detects.silence, { where: { 'user.name': 'a "b"' } });
    expect(rule).to.include({ type: 'esql', language: 'esql', from: 'now-608400s' }).and.not.have.property('index');
    expect('query' in rule && rule.query.split('\n')).to.deep.equal([
      'FROM logs-cloudconnexa.*-*',
      '| WHERE event.ingested >= NOW() - 7 days - 1 hours AND KQL("user.name: \\"a \\\\\\"b\\\\\\"\\"")',
      '| STATS last_ingested = MAX(event.ingested) BY organization.id',
      '| WHERE last_ingested < NOW() - 1 hours',
      '| KEEP last_ingested, organization.id',
    ]);
  });

  it('look back by the window, on the time of arrival', () => {
    expect(made(detects.each)).to.include({ from: 'now-3600s', timestamp_override: 'event.ingested' });
  });

  it('look back a little longer than the time between two runs', () => {
    expect(made(detects.each, { window: '15m' })).to.include({ from: 'now-960s', interval: '15m' });
  });

  it('say in their names whose they are', () => {
    expect(made(detects.each)).to.include({ name: 'CloudConnexa: Some rule' });
  });

  it('say for setup what one alert stands for, and when they know enough', () => {
    const setups = [detects.each, detects.new_value, detects.silence].map((detect) => made(detect).setup);
    expect(setups[0]).to.contain('an alert for each event').and.contain('suppress by `organization.id`, `user.id`.');
    expect(setups[1]).to.contain('when there are events of 30 days');
    expect(setups[2]).to.contain('again at each run');
  });

  it('are disabled and have the id and the version of the rule', () => {
    expect(made(detects.each)).to.include({ rule_id: 'some-rule', version: 3, enabled: false });
  });

  it('have sub-techniques under their technique, in each tactic it serves', () => {
    const { threat } = made(detects.each, { attack: ['T1021.001', 'T1021.004', 'T1040'] });
    const brief = threat.map(({ tactic, technique }) => [
      tactic.id,
      ...technique.map(({ id, subtechnique }) => [id, ...(subtechnique ?? []).map((sub) => sub.id)]),
    ]);
    expect(brief).to.deep.equal([
      ['TA0006', ['T1040']],
      ['TA0007', ['T1040']],
      ['TA0008', ['T1021', 'T1021.001', 'T1021.004']],
    ]);
  });

  it('are not made of more fields than Kibana combines', () => {
    const groupBy = ['organization.id', 'user.id', 'user.name'];
    const many = [...groupBy, 'host.id', 'source.ip', 'destination.ip'];
    expect(kibanaRule(ruleOf({ ...detects.new_value, groupBy }))).to.have.property('whyNot');
    expect(kibanaRule(ruleOf({ ...detects.threshold, groupBy: many }))).to.have.property('whyNot');
    expect(kibanaRules([ruleOf({ ...detects.new_value, groupBy })])).to.deep.equal([]);
  });

  it('are a line each for the import', () => {
    const lines = kibanaNdjson([ruleOf(detects.each), ruleOf(detects.silence)]).split('\n');
    expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as KibanaRule).type))).to.deep.equal([
      'query',
      'esql',
      '',
    ]);
  });

  it('of the package look at fields of our list only, with their types', () => {
    const types = new Map(targetFields().map(({ name, type }): [string, string] => [name, type]));
    const strange = kibanaRules(loadRules()).flatMap(({ rule_id, required_fields }) =>
      required_fields.filter(({ name, type }) => types.get(name) !== type).map(({ name }) => `${rule_id}: ${name}`),
    );
    expect(strange).to.deep.equal([]);
  });
});
