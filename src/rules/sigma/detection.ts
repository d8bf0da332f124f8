import { clausesOf, type Clause, type Scalar, type Where } from '../../query/where.js';

type Values = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** Named parts and the condition that joins them. */
export type Detection = Readonly<Record<string, Values | readonly Values[] | string>> & { readonly condition: string };

/** All conditions of all `wheres` hold: a part for each, and `except` for what must not be, of which none may hold. */
export function detectionOf(...wheres: readonly Where[]): Detection {
  const parts = wheres
    .map((where) => clausesOf(where).filter(({ not }) => !not))
    .filter((clauses) => clauses.length > 0)
    .map(
      (clauses, at) =>
        [at === 0 ? 'selection' : `selection_${at + 1}`, Object.fromEntries(clauses.flatMap(valuesOf))] as const,
    );
  const except = wheres
    .flatMap(clausesOf)
    .filter(({ not }) => not)
    .map((clause) => Object.fromEntries(valuesOf(clause)));
  const condition = [...parts.map(([name]) => name), ...(except.length > 0 ? ['not except'] : [])].join(' and ');
  return { ...Object.fromEntries(parts), ...(except.length > 0 && { except }), condition };
}

function valuesOf(clause: Clause): [string, Scalar | readonly Scalar[]][] {
  const { field } = clause;
  switch (clause.kind) {
    case 'is':
      return [[field, oneOrMore(clause.values.map(plain))]];
    case 'exists':
      return [[`${field}|exists`, true]];
    case 'cidr':
      return [[`${field}|cidr`, oneOrMore(clause.blocks)]];
    case 'range':
      return Object.entries(clause.bounds).map(([name, bound]) => [`${field}|${name}`, bound as number | string]);
  }
}

function oneOrMore(values: readonly Scalar[]): Scalar | readonly Scalar[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** `*` and `?` are wildcards in Sigma. */
function plain(value: Scalar): Scalar {
  return typeof value === 'string' ? value.replace(/[\\*?]/g, '\\$&') : value;
}
