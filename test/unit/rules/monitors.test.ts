import { expect } from 'chai';
import { monitorMark, type Monitor } from '../../../src/install/rules/monitors.js';
import { loadRules } from '../../../src/rules/load.js';
import { monitorSearch, openSearchMonitor, openSearchMonitors, type MonitorBody } from '../../../src/rules/monitors.js';
import type { Detect, Rule } from '../../../src/rules/spec.js';
import { detects, ruleOf } from '../../support/rule-of.js';

function made(detect: Detect, more: Partial<Rule> = {}): MonitorBody {
  const monitor = openSearchMonitor(ruleOf(detect, more));
  if ('whyNot' in monitor) throw new Error(monitor.whyNot);
  return monitor.body;
}

const queryOf = (monitor: MonitorBody) => monitor.inputs[0].search.query;
const triggerOf = (monitor: MonitorBody) => monitor.triggers[0].bucket_level_trigger;
const markOf = (monitor: MonitorBody) => monitorMark(JSON.parse(JSON.stringify(monitor)) as Monitor);
const scriptOf = (monitor: MonitorBody): string => triggerOf(monitor).condition.script.source;

const range = (bounds: object): object => ({ range: { 'event.ingested': { ...bounds, format: 'epoch_millis' } } });

describe('OpenSearch monitors', () => {
  it('search the window back from the time of the run, by the time of arrival', () => {
    expect(queryOf(made(detects.each)).query.bool?.filter).to.deep.equal([
      range({ gte: '{{period_end}}||-1h', lte: '{{period_end}}' }),
      { bool: { filter: [{ term: { 'event.code': 'flow-established' } }] } },
    ]);
  });

  it('search the history before the window too, where that counts', () => {
    const { query } = queryOf(made(detects.silence, { where: {} }));
    expect(query.bool?.filter).to.deep.equal([range({ gte: '{{period_end}}||-7d-1h', lte: '{{period_end}}' })]);
  });

  it('look at each group for itself', () => {
    const { composite } = queryOf(made(detects.threshold)).aggregations.composite_agg;
    expect(composite.sources).to.deep.equal([
      { 'organization.id': { terms: { field: 'organization.id' } } },
      { 'user.id': { terms: { field: 'user.id' } } },
    ]);
  });

  it('look at each value of a group where new groups count', () => {
    const { composite } = queryOf(made({ ...detects.new_value, newGroups: true })).aggregations.composite_agg;
    expect(composite.sources?.map((source) => Object.keys(source))).to.deep.equal([
      ['organization.id'],
      ['user.id'],
      ['destination.port'],
    ]);
  });

  it('have a condition for each kind of rule', () => {
    const possible = Object.values(detects).filter(({ kind }) => kind !== 'indicator');
    const conditions = possible.map((detect) => [detect.kind, scriptOf(made(detect))]);
    expect(Object.fromEntries(conditions)).to.deep.equal({
      each: 'params.events > 0',
      threshold: 'params.events >= 50',
      distinct: 'params.values >= 15',
      sequence: 'params.first >= 5 && params.then > 0 && params.last > params.enough',
      new_value: 'params.before > 0 && params.values > 0',
      silence: 'params.recent == 0 && params.before > 0',
    });
  });

  it('say why indicators cannot be', () => {
    expect(openSearchMonitor(ruleOf(detects.indicator)))
      .to.have.property('whyNot')
      .that.includes('look up');
  });

  it('run every so many minutes, and once a minute at most', () => {
    const periods = ['30s', '15m', '2h'].map((every) => made(detects.each, { every }).schedule.period);
    expect(periods.map(({ interval, unit }) => `${interval} ${unit}`)).to.deep.equal([
      '1 MINUTES',
      '15 MINUTES',
      '120 MINUTES',
    ]);
  });

  it('count the severity from the top', () => {
    const severities = (['critical', 'high', 'medium', 'low'] as const).map(
      (severity) => triggerOf(made(detects.each, { severity })).severity,
    );
    expect(severities).to.deep.equal(['1', '2', '3', '4']);
  });

  it('page through groups without passing the number of buckets that a search may make', () => {
    const all = [detects.new_value, { ...detects.new_value, newGroups: true }].map((detect) => {
      const { composite, aggregations } = queryOf(made(detect)).aggregations.composite_agg;
      const values = aggregations['values']?.terms?.size ?? 0;
      return [composite.size ?? 0, (composite.size ?? 0) * (values * 1.5 + 10)];
    });
    expect(all.map(([groups]) => groups)).to.deep.equal([500, 10_000]);
    expect(all[0]?.[1]).to.be.below(65_535);
  });

  it('say what a run searches and when OpenSearch ends it', () => {
    const monitor = openSearchMonitor(ruleOf(detects.new_value));
    expect('how' in monitor && monitor.how)
      .to.contain('30d and 1h back')
      .and.contain('plugins.alerting.input_timeout');
  });

  it('say in their names whose they are, and so do their triggers', () => {
    const monitor = made(detects.each);
    expect([monitor.name, triggerOf(monitor).name]).to.deep.equal(Array(2).fill('CloudConnexa: Some rule'));
  });

  it('are disabled, do nothing, and keep what they were made from', () => {
    const monitor = made(detects.each);
    expect(monitor.enabled).to.equal(false);
    expect(triggerOf(monitor).actions).to.deep.equal([]);
    expect(markOf(monitor)?.rule).to.equal('some-rule');
  });

  it('have a digest that tells every change, and nothing else', () => {
    const digest = markOf(made(detects.each))?.digest;
    expect(digest).to.match(/^[0-9a-f]{12}$/);
    expect(markOf(made(detects.each, { version: 4 }))?.digest).to.equal(digest);
    expect(markOf(made(detects.each, { window: '2h' }))?.digest).to.not.equal(digest);
  });

  it('are searched as they would be at a time', () => {
    const search = monitorSearch(made(detects.threshold), new Date(1_700_000_000_000));
    expect(JSON.stringify(search)).to.include('"1700000000000||-1h"').and.not.include('{{');
    expect(search.aggregations.composite_agg.aggregations).to.deep.equal({
      alerts: {
        bucket_selector: {
          buckets_path: { events: '_count' },
          script: { lang: 'painless', source: 'params.events >= 50' },
          gap_policy: 'skip',
        },
      },
    });
  });

  it('of the package never ask what time it is', () => {
    const asking = openSearchMonitors(loadRules()).filter(({ monitor }) => /\bnow\b/.test(JSON.stringify(monitor)));
    expect(asking).to.deep.equal([]);
  });
});
