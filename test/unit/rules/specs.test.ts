import { expect } from 'chai';
import { targetFields } from '../../../src/map/fields.js';
import { packageJson } from '../../../src/package-root.js';
import { fieldsOf } from '../../../src/query/where.js';
import { loadRules } from '../../../src/rules/load.js';
import { durationMs } from '../../../src/rules/period.js';
import type { Detect, EvidenceCase, Rule } from '../../../src/rules/spec.js';

const rules = loadRules();
const types = new Map(targetFields().map(({ name, type }) => [name, type]));

/** What a rule of the list has wrong, for all rules at once. */
function wrong(check: (rule: Rule) => readonly string[]): string[] {
  return rules.flatMap((rule) => check(rule).map((what) => `${rule.id}: ${what}`));
}

function conditionFields({ where, detect }: Rule): string[] {
  const own = detect.kind === 'sequence' ? [...fieldsOf(detect.first), ...fieldsOf(detect.then)] : [];
  return [...fieldsOf(where), ...own];
}

function countedFields(detect: Detect): readonly string[] {
  return [...detect.groupBy, ...('field' in detect ? [detect.field] : [])];
}

function casesOf({ evidence }: Rule): readonly EvidenceCase[] {
  return [...evidence.fires, ...evidence.silent];
}

describe('the alert rules', () => {
  it('look at fields only that documents have', () => {
    expect(
      wrong((rule) => [...conditionFields(rule), ...countedFields(rule.detect)].filter((field) => !types.has(field))),
    ).to.deep.equal([]);
  });

  it('group by and count fields only that all engines can group by', () => {
    const groupable = ['keyword', 'ip', 'long', 'boolean'];
    expect(
      wrong(({ detect }) => countedFields(detect).filter((field) => !groupable.includes(types.get(field) ?? ''))),
    ).to.deep.equal([]);
  });

  it('name fields only that documents have in their advice', () => {
    const named = ({ triage, why }: Rule): string[] =>
      [...`${triage} ${why}`.matchAll(/`([a-z_@]+(?:\.[a-z_]+)+)(?=[`: ])/g)].map(([, field = '']) => field);
    expect(rules.flatMap(named).length).to.be.above(rules.length);
    expect(wrong((rule) => named(rule).filter((field) => !types.has(field)))).to.deep.equal([]);
  });

  it('have the risk score of their severity', () => {
    const scores = { low: 21, medium: 47, high: 73, critical: 99 };
    expect(wrong((rule) => (scores[rule.severity] === rule.riskScore ? [] : [String(rule.riskScore)]))).to.deep.equal(
      [],
    );
  });

  it('look back at least twice as far as they are apart, so that nothing falls between two runs', () => {
    const short = ({ window, every }: Rule): boolean => durationMs(window) < 2 * durationMs(every);
    expect(wrong((rule) => (short(rule) ? [`${rule.window} every ${rule.every}`] : []))).to.deep.equal([]);
  });

  it('bring stored fields only that a pipeline sets', () => {
    const stored = (rule: Rule): string[] =>
      casesOf(rule).flatMap(({ events }) => events.flatMap((event) => Object.keys(event.stored)));
    expect(
      wrong((rule) => stored(rule).filter((field) => !/\.(geo|as)\./.test(field) || !types.has(field))),
    ).to.deep.equal([]);
  });

  it('bring indicators exactly where they look for some', () => {
    const has = (rule: Rule): boolean => casesOf(rule).some(({ indicators }) => indicators !== undefined);
    expect(rules.filter((rule) => has(rule) !== (rule.detect.kind === 'indicator'))).to.deep.equal([]);
  });

  it('all have a false-positive figure, and no other has', () => {
    const { findings } = packageJson('rules/false-positives.json') as { findings: Record<string, number> };
    expect(Object.keys(findings).sort()).to.deep.equal(rules.map(({ id }) => id).sort());
  });
});
