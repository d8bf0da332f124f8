import { Ajv, type ErrorObject } from 'ajv';
import { whereSchema } from '../query/where.js';
import { colours } from './colours.js';

const text = { type: 'string', minLength: 1 };
const name = { type: 'string', pattern: '^[a-z][a-z0-9-]*$' };
const size = { type: 'integer', minimum: 1, maximum: 100 };

/** An object with these properties and no others; all but the optional ones must be there. */
function shape(required: object, optional: object = {}): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

function list(items: object, minItems = 1): object {
  return { type: 'array', minItems, items };
}

const colour = { enum: Object.keys(colours) };
const measure = measureWith({});
const colouredMeasure = measureWith({ colour });
const terms = shape({ field: text, title: text, size });
const groups = list(shape({ title: text, where: whereSchema, colour }));
const split = { anyOf: [terms, shape({ groups })] };

function measureWith(optional: object): object {
  return shape(
    { of: { enum: ['count', 'unique', 'min', 'max', 'avg', 'p95'] }, title: text },
    { field: text, ...optional },
  );
}

const panelBase = {
  id: name,
  title: text,
  at: { type: 'array', minItems: 4, maxItems: 4, items: { type: 'integer' } },
};

function chart(kind: string, required: object, optional: object = {}): object {
  return shape({ ...panelBase, chart: { const: kind }, ...required }, { where: whereSchema, ...optional });
}

const panel = {
  type: 'object',
  required: ['chart'],
  discriminator: { propertyName: 'chart' },
  oneOf: [
    shape({ ...panelBase, chart: { const: 'text' }, text }),
    shape({ ...panelBase, chart: { const: 'events' }, search: name }),
    chart('metric', { measure }, { groups }),
    chart('series', { style: { enum: ['bars', 'lines', 'areas'] }, measure: colouredMeasure }, { split }),
    chart('bars', { by: terms, measure: colouredMeasure }, { split }),
    chart('share', { by: split, measure }),
    chart('table', { rows: list(terms), measures: list(measure) }),
    chart('heatmap', { x: terms, y: terms, measure }),
  ],
};

const dataViewSchema = shape({
  id: name,
  name: text,
  pattern: text,
  time_field: text,
  computed: list(
    shape({ name: text, description: text, script: text, from: list(text), unit: { enum: ['seconds'] } }),
    0,
  ),
  links: list(shape({ field: text, to: name }), 0),
});

const dashboardSchema = shape(
  {
    id: name,
    title: text,
    description: text,
    last: { type: 'string', pattern: '^[1-9][0-9]*[mhdw]$' },
    panels: list(panel),
  },
  { where: whereSchema, controls: list(shape({ field: text, title: text }), 0) },
);

const searchSchema = shape({ id: name, title: text, description: text, columns: list(text) }, { where: whereSchema });

const ajv = new Ajv({ allErrors: true, discriminator: true, strict: true, strictTypes: false, strictRequired: false });
const validators = {
  dataView: ajv.compile(dataViewSchema),
  dashboard: ajv.compile(dashboardSchema),
  search: ajv.compile(searchSchema),
};

export type SpecKind = keyof typeof validators;

/** What is wrong with the shape of a file, one line a fault, each with its path in the file. */
export function shapeFaults(kind: SpecKind, value: unknown): string[] {
  const validate = validators[kind];
  return validate(value) ? [] : [...new Set((validate.errors ?? []).map(fault))];
}

function fault({ instancePath, message, params }: ErrorObject): string {
  const { allowedValues, additionalProperty } = params as { allowedValues?: unknown[]; additionalProperty?: string };
  const detail = allowedValues?.join(', ') ?? additionalProperty;
  return `${instancePath || '/'} ${message ?? 'is wrong'}${detail === undefined ? '' : `: ${detail}`}`;
}
