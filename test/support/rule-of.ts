import type { Detect, Rule } from '../../src/rules/spec.js';

const groupBy = ['organization.id', 'user.id'];

/** A rule of each kind, for what is made of rules. */
export const detects = {
  each: { kind: 'each', groupBy },
  threshold: { kind: 'threshold', groupBy, atLeast: 50 },
  distinct: { kind: 'distinct', groupBy, field: 'destination.ip', atLeast: 15 },
  sequence: {
    kind: 'sequence',
    groupBy,
    first: { 'event.action': 'flow_denied' },
    atLeast: 5,
    then: { 'event.action': 'flow_allowed' },
  },
  new_value: { kind: 'new_value', groupBy, field: 'destination.port', history: '30d', newGroups: false },
  indicator: {
    kind: 'indicator',
    groupBy,
    field: 'destination.ip',
    indicators: ['logs-ti_*'],
    indicatorField: 'threat.indicator.ip',
    indicatorAge: '30d',
  },
  silence: { kind: 'silence', groupBy: ['organization.id'], history: '7d' },
} as const satisfies { readonly [Kind in Detect['kind']]: Detect };

export function ruleOf(detect: Detect, more: Partial<Rule> = {}): Rule {
  return {
    id: 'some-rule',
    uuid: '4c5a0632-7685-4114-9c3c-b515dd1c8aaf',
    version: 3,
    title: 'Some rule',
    description: 'Something happened.',
    why: 'It matters.',
    triage: '1. Look.',
    falsePositives: ['A test.'],
    severity: 'high',
    riskScore: 73,
    attack: ['T1046'],
    where: { 'event.code': 'flow-established' },
    detect,
    window: '1h',
    every: '15m',
    evidence: { fires: [], silent: [] },
    ...more,
  };
}
