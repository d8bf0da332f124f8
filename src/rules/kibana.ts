import { targetFields } from '../map/fields.js';
import { techniqueOf } from './attack.js';
import type { Expression } from './expression.js';
import { fieldsOfRule } from './kibana/fields.js';
import { logicOf, type KibanaLogic } from './kibana/logic.js';
import { setupOf } from './kibana/setup.js';
import { threatOf, type Threat } from './kibana/threat.js';
import { durationMs } from './period.js';
import type { Rule, Severity } from './spec.js';
import { targetName } from './target-name.js';

/**
 * A rule as Kibana 8.19 and 9 import it. Source: `RuleCreateProps` of Kibana's detection engine API, and `rule_id`, by which an import
 * knows a rule again.
 */
export type KibanaRule = KibanaBase & KibanaLogic;

interface KibanaBase {
  readonly rule_id: string;
  readonly name: string;
  readonly description: string;
  readonly note: string;
  readonly setup: string;
  readonly severity: Severity;
  readonly risk_score: number;
  readonly threat: readonly Threat[];
  readonly false_positives: readonly string[];
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly author: readonly string[];
  readonly license: string;
  readonly from: string;
  readonly to: 'now';
  readonly interval: string;
  readonly timestamp_override: 'event.ingested';
  readonly max_signals: number;
  readonly enabled: false;
  readonly version: number;
  readonly related_integrations: readonly [];
  readonly required_fields: readonly { readonly name: string; readonly type: string }[];
  readonly investigation_fields: { readonly field_names: readonly string[] };
}

/** What an analyst looks at first, beside the fields of the rule itself. */
const LOOK_AT = ['message', 'user.name', 'source.ip', 'destination.ip', 'destination.port', 'network.name'];

/** All rules that Kibana can have, disabled; of the others {@link kibanaRule} says why not. */
export function kibanaRules(rules: readonly Rule[]): KibanaRule[] {
  return rules.map(kibanaRule).flatMap((made) => ('body' in made ? [made.body] : []));
}

/** For `POST /api/detection_engine/rules/_import`: a rule a line. */
export function kibanaNdjson(rules: readonly Rule[]): string {
  return kibanaRules(rules)
    .map((rule) => `${JSON.stringify(rule)}\n`)
    .join('');
}

export function kibanaRule(rule: Rule): Expression<KibanaRule> {
  const logic = logicOf(rule);
  return 'whyNot' in logic ? logic : { how: logic.how, body: { ...baseOf(rule), ...logic.body } };
}

function baseOf(rule: Rule): KibanaBase {
  const fields = fieldsOfRule(rule);
  return {
    rule_id: rule.id,
    name: targetName(rule),
    description: rule.description,
    note: `## Why it matters\n\n${rule.why.trim()}\n\n## Triage\n\n${rule.triage.trim()}\n`,
    setup: setupOf(rule),
    severity: rule.severity,
    risk_score: rule.riskScore,
    threat: threatOf(rule.attack),
    false_positives: rule.falsePositives,
    references: rule.attack.map((id) => techniqueOf(id).url),
    tags: tagsOf(rule),
    author: ['cloudconnexa-ecs'],
    license: 'Apache-2.0',
    from: `now-${lookBackSeconds(rule)}s`,
    to: 'now',
    interval: rule.every,
    timestamp_override: 'event.ingested',
    max_signals: 100,
    enabled: false,
    version: rule.version,
    related_integrations: [],
    required_fields: fields.map((name) => ({ name, type: typeOf(name) })),
    investigation_fields: { field_names: [...new Set([...LOOK_AT, ...fields])] },
  };
}

/** Between two runs lies sometimes more than `every`: what was ingested then must not be missed. */
const SLACK_MS = 60_000;

/** Silence is seen only by who looks at the time before it. */
function lookBackSeconds({ detect, window, every }: Rule): number {
  const history = detect.kind === 'silence' ? durationMs(detect.history) : 0;
  return Math.max(durationMs(window) + history, durationMs(every) + SLACK_MS) / 1000;
}

function tagsOf({ attack }: Rule): string[] {
  const tactics = threatOf(attack).map(({ tactic }) => `Tactic: ${tactic.name}`);
  return ['Domain: Network', 'Data Source: OpenVPN CloudConnexa', 'Use Case: Threat Detection', ...tactics];
}

let types: ReadonlyMap<string, string> | undefined;

function typeOf(name: string): string {
  types ??= new Map(targetFields().map((field) => [field.name, field.type]));
  return types.get(name) ?? 'keyword';
}
