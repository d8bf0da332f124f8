import { whereSchema } from '../query/where.js';

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const duration = { type: 'string', pattern: '^[1-9][0-9]*[smhd]$' };
const count = { type: 'integer', minimum: 1 };
/** Alerts of two organisations must never be one. */
const groupBy = { type: 'array', items: text, uniqueItems: true, contains: { const: 'organization.id' } };

const detect = {
  type: 'object',
  required: ['kind', 'group_by'],
  oneOf: [
    kind('each', {}),
    kind('threshold', { at_least: count }),
    kind('distinct', { field: text, at_least: { type: 'integer', minimum: 2 } }),
    kind('sequence', { first: whereSchema, at_least: count, then: whereSchema }),
    kind('new_value', { field: text, history: duration, new_groups: { type: 'boolean' } }),
    kind('indicator', {
      field: text,
      indicators: { ...texts, minItems: 1 },
      indicator_field: text,
      indicator_age: duration,
    }),
    kind('silence', { history: duration }),
  ],
} as const;

function kind(name: string, properties: object): object {
  return {
    additionalProperties: false,
    required: ['kind', 'group_by', ...Object.keys(properties)],
    properties: { kind: { const: name }, group_by: groupBy, ...properties },
  };
}

const events = {
  type: 'object',
  additionalProperties: false,
  required: ['event', 'ago'],
  properties: {
    event: text,
    ago: duration,
    late: duration,
    times: count,
    gap: duration,
    with: { type: 'object' },
    stored: { type: 'object' },
  },
} as const;

const evidenceCase = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'events'],
  properties: {
    title: text,
    events: { type: 'array', minItems: 1, items: events },
    indicators: { type: 'array', minItems: 1, items: { type: 'object' } },
  },
} as const;

const cases = { type: 'array', minItems: 1, items: evidenceCase } as const;

/** JSON Schema of a file under `rules/`. */
export const ruleSchema = {
  type: 'object',
  additionalProperties: false,
  required: [
    ...['uuid', 'version', 'title', 'description', 'why', 'triage', 'false_positives', 'severity', 'risk_score'],
    ...['attack', 'where', 'detect', 'window', 'every', 'evidence'],
  ],
  properties: {
    uuid: { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' },
    version: count,
    title: text,
    description: text,
    why: text,
    triage: text,
    false_positives: { ...texts, minItems: 1 },
    severity: { enum: ['low', 'medium', 'high', 'critical'] },
    risk_score: { type: 'integer', minimum: 0, maximum: 100 },
    attack: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', pattern: '^T\\d{4}(\\.\\d{3})?$' },
    },
    where: whereSchema,
    detect,
    window: duration,
    every: duration,
    evidence: {
      type: 'object',
      additionalProperties: false,
      required: ['fires', 'silent'],
      properties: { fires: cases, silent: cases },
    },
  },
} as const;
