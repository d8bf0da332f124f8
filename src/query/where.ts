import type { estypes } from '@elastic/elasticsearch';

export type Scalar = string | number | boolean;

/** Numbers, or dates as text. */
export interface Bounds {
  readonly gte?: number | string;
  readonly gt?: number | string;
  readonly lte?: number | string;
  readonly lt?: number | string;
}

/** What a field must be: a value, one of several, or as one of the words says. */
export type Condition =
  | Scalar
  | readonly Scalar[]
  | { readonly exists: boolean }
  | { readonly not: Scalar | readonly Scalar[] }
  | { readonly cidr: readonly string[] }
  | Bounds;

/**
 * Which documents are meant, as specs of dashboards and rules say it: conditions by field, all of which hold.
 * `{ event.action: flow_denied, destination.port: [22, 3389], user.name: { exists: true } }`. No conditions mean all documents.
 */
export type Where = Readonly<Record<string, Condition>>;

/** A condition in one form, so that whoever translates it has each word once. `values` are alternatives. */
export type Clause =
  | { readonly kind: 'is'; readonly field: string; readonly not: boolean; readonly values: readonly Scalar[] }
  | { readonly kind: 'exists'; readonly field: string; readonly not: boolean }
  | { readonly kind: 'cidr'; readonly field: string; readonly not: false; readonly blocks: readonly string[] }
  | { readonly kind: 'range'; readonly field: string; readonly not: false; readonly bounds: Bounds };

export function clausesOf(where: Where): Clause[] {
  return Object.entries(where).map(([field, condition]) => clauseOf(field, condition));
}

function clauseOf(field: string, condition: Condition): Clause {
  if (isScalar(condition) || isList(condition)) return { kind: 'is', field, not: false, values: listOf(condition) };
  if ('exists' in condition) return { kind: 'exists', field, not: !condition.exists };
  if ('not' in condition) return { kind: 'is', field, not: true, values: listOf(condition.not) };
  if ('cidr' in condition) return { kind: 'cidr', field, not: false, blocks: condition.cidr };
  return { kind: 'range', field, not: false, bounds: condition };
}

/** Query DSL of both engines; only filters, nothing is scored. */
export function toDsl(where: Where): estypes.QueryDslQueryContainer {
  const clauses = clausesOf(where);
  const positive = clauses.filter(({ not }) => !not).map(dslOf);
  const negative = clauses.filter(({ not }) => not).map(dslOf);
  if (clauses.length === 0) return { match_all: {} };
  return {
    bool: {
      ...(positive.length > 0 && { filter: positive }),
      ...(negative.length > 0 && { must_not: negative }),
    },
  };
}

type RangeClause = Extract<Clause, { kind: 'range' }>;

function dslOf(clause: Clause): estypes.QueryDslQueryContainer {
  const { field } = clause;
  switch (clause.kind) {
    case 'is':
      return termsOf(field, clause.values);
    case 'exists':
      return { exists: { field } };
    case 'cidr':
      return termsOf(field, clause.blocks);
    case 'range':
      return { range: { [field]: clause.bounds } };
  }
}

/** An IP field takes a block where it takes an address. */
function termsOf(field: string, values: readonly Scalar[]): estypes.QueryDslQueryContainer {
  const [first] = values;
  return values.length === 1 && first !== undefined
    ? { term: { [field]: first } }
    : { terms: { [field]: [...values] } };
}

/** Kibana's query language, which OpenSearch Dashboards calls DQL; empty for all documents. */
export function toKuery(where: Where): string {
  return clausesOf(where)
    .map((clause) => (clause.not ? `not ${kueryOf(clause)}` : kueryOf(clause)))
    .join(' and ');
}

const SIGNS = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;

function kueryOf(clause: Clause): string {
  const { field } = clause;
  switch (clause.kind) {
    case 'is':
      return `${field}: ${alternatives(clause.values)}`;
    case 'exists':
      return `${field}: *`;
    case 'cidr':
      return `${field}: ${alternatives(clause.blocks)}`;
    case 'range':
      return boundsText(clause, kueryValue);
  }
}

/** The bounds as comparisons, which KQL and EQL write alike but for their values. */
export function boundsText({ field, bounds }: RangeClause, valueText: (bound: number | string) => string): string {
  return Object.entries(bounds)
    .map(([name, bound]) => `${field} ${SIGNS[name as keyof Bounds]} ${valueText(bound as number | string)}`)
    .join(' and ');
}

function alternatives(values: readonly Scalar[]): string {
  const texts = values.map(kueryValue);
  return texts.length === 1 ? texts.join('') : `(${texts.join(' or ')})`;
}

/** Text is always quoted: no character of it is then an operator or a wildcard. */
function kueryValue(value: Scalar): string {
  return typeof value === 'string' ? `"${value.replace(/[\\"]/g, '\\$&')}"` : String(value);
}

/** The fields that are looked at, each once. */
export function fieldsOf(where: Where): string[] {
  return Object.keys(where);
}

const scalar = { type: ['string', 'number', 'boolean'] };
const list = { type: 'array', minItems: 1, items: scalar };
const bound = { type: ['string', 'number'] };

/** JSON schema of a {@link Where}, for the specs. */
export const whereSchema = {
  type: 'object',
  additionalProperties: {
    anyOf: [
      scalar,
      list,
      one({ exists: { type: 'boolean' } }),
      one({ not: { anyOf: [scalar, list] } }),
      one({ cidr: { type: 'array', minItems: 1, items: { type: 'string' } } }),
      {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: { gte: bound, gt: bound, lte: bound, lt: bound },
      },
    ],
  },
} as const;

function one(properties: object): object {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value);
}

function listOf(value: Scalar | readonly Scalar[]): readonly Scalar[] {
  return isList(value) ? value : [value];
}
