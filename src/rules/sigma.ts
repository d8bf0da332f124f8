import { stringify } from 'yaml';
import { tacticsOf, techniqueOf } from './attack.js';
import type { Expression } from './expression.js';
import { correlationOf, type Correlation } from './sigma/correlation.js';
import { detectionOf, type Detection } from './sigma/detection.js';
import { uuidFrom } from './sigma/uuid.js';
import type { Where } from '../query/where.js';
import type { Rule } from './spec.js';
import { targetName } from './target-name.js';

/** Sigma wants one; that of the rules' first release. */
const DATE = '2026-11-23';

const LOGSOURCE = { product: 'openvpn', service: 'cloudconnexa' } as const;

interface SigmaDocument {
  readonly title: string;
  readonly id: string;
  readonly name?: string;
  readonly status: 'experimental';
  readonly description: string;
  readonly author: string;
  readonly date: string;
  readonly tags: readonly string[];
  readonly logsource?: typeof LOGSOURCE;
  readonly detection?: Detection;
  readonly correlation?: Correlation;
  readonly falsepositives: readonly string[];
  readonly level: string;
}

/**
 * The rule as YAML text by the Sigma specification 2, fields by their ECS names. Where single events are not enough there are several
 * documents: base rules, and the correlation, which has the rule's own id.
 */
export function sigmaRule(rule: Rule): Expression<string> {
  const correlation = correlationOf(rule);
  if ('whyNot' in correlation) return correlation;
  const { bases, correlations } = correlation.body;
  const own = { ...aboutOf(rule), id: rule.uuid };
  if (correlations.length === 0) {
    const documents = [{ ...own, ...detecting(rule.where), ...judgedBy(rule, rule.severity) }];
    return { how: correlation.how, body: textOf(documents) };
  }
  const derived = (name: string): string => uuidFrom(rule.uuid, name);
  const documents: SigmaDocument[] = bases.map(({ name, title, wheres }) => ({
    ...aboutOf(rule),
    title: `${targetName(rule)}: ${title}`,
    id: derived(name),
    name,
    ...detecting(...wheres),
    ...judgedBy(rule, 'informational'),
  }));
  for (const [at, { name, correlation: body }] of correlations.entries()) {
    const isLast = at === correlations.length - 1;
    documents.push({
      ...aboutOf(rule),
      ...(isLast ? { id: rule.uuid } : { title: `${targetName(rule)}: counted`, id: derived(name) }),
      name,
      correlation: body,
      ...judgedBy(rule, isLast ? rule.severity : 'informational'),
    });
  }
  return { how: correlation.how, body: textOf(documents) };
}

function aboutOf(rule: Rule): Omit<SigmaDocument, 'falsepositives' | 'level'> {
  const { uuid, description, attack } = rule;
  const named = attack.map(techniqueOf);
  const tags = [...tacticsOf(named).map(({ phase }) => phase), ...named.map(({ id }) => id.toLowerCase())];
  return {
    title: targetName(rule),
    id: uuid,
    status: 'experimental',
    description: description.trim(),
    author: 'cloudconnexa-ecs',
    date: DATE,
    tags: tags.map((tag) => `attack.${tag}`),
  };
}

function detecting(...wheres: readonly Where[]): Pick<SigmaDocument, 'logsource' | 'detection'> {
  return { logsource: LOGSOURCE, detection: detectionOf(...wheres) };
}

function judgedBy({ falsePositives }: Rule, level: string): Pick<SigmaDocument, 'falsepositives' | 'level'> {
  return { falsepositives: falsePositives, level };
}

function textOf(documents: readonly SigmaDocument[]): string {
  return documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}
