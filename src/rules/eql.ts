import { boundsText, clausesOf, type Clause, type Scalar, type Where } from '../query/where.js';
import type { Rule, SequenceDetect } from './spec.js';

/** The conditions in EQL; `true` for none. A condition that is not to hold also lets events pass that lack the field. */
export function toEql(...wheres: readonly Where[]): string {
  const clauses = wheres.flatMap(clausesOf).map(eqlOf);
  return clauses.length === 0 ? 'true' : clauses.join(' and ');
}

/**
 * `sequence by … with maxspan=1h [ any where … ] with runs=3 [ any where … ]`, over the time of the events. `any`, as ours have several
 * values of `event.category`.
 */
export function sequenceEql(rule: Rule, detect: SequenceDetect): string {
  const { first, then, atLeast, groupBy } = detect;
  const runs = atLeast > 1 ? ` with runs=${atLeast}` : '';
  return [
    `sequence by ${groupBy.join(', ')} with maxspan=${rule.window}`,
    `  [ any where ${toEql(rule.where, first)} ]${runs}`,
    `  [ any where ${toEql(rule.where, then)} ]`,
  ].join('\n');
}

function eqlOf(clause: Clause): string {
  const { field } = clause;
  switch (clause.kind) {
    case 'is':
      return clause.not ? `(${field} == null or not ${oneOf(field, clause.values)})` : oneOf(field, clause.values);
    case 'exists':
      return `${field} ${clause.not ? '==' : '!='} null`;
    case 'cidr':
      return `cidrMatch(${[field, ...clause.blocks.map(literal)].join(', ')})`;
    case 'range':
      return boundsText(clause, literal);
  }
}

function oneOf(field: string, values: readonly Scalar[]): string {
  const [first] = values;
  return values.length === 1 && first !== undefined
    ? `${field} == ${literal(first)}`
    : `${field} in (${values.map(literal).join(', ')})`;
}

/** JSON escapes a text in a way that EQL reads. */
function literal(value: Scalar): string {
  return JSON.stringify(value);
}
