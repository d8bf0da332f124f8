import { clausesOf, type Clause, type Scalar, type Where } from '../query/where.js';

/** A filter of the filter bar, as the editor of filters makes it, so that a user can change it there. */
export interface Filter {
  readonly $state: { readonly store: 'appState' };
  readonly meta: Readonly<Record<string, unknown>>;
  readonly query?: object;
  readonly exists?: object;
  readonly range?: object;
}

/**
 * One filter for each condition.
 * @param index How the filter names the data view: `{ index: <id> }` in an address, `{ indexRefName }` in a saved object.
 */
export function filtersOf(where: Where, index: (position: number) => object): Filter[] {
  return clausesOf(where).map((clause, i) => ({
    $state: { store: 'appState' },
    meta: { alias: null, disabled: false, negate: clause.not, key: clause.field, ...index(i), ...metaOf(clause) },
    ...bodyOf(clause),
  }));
}

function metaOf(clause: Clause): object {
  switch (clause.kind) {
    case 'is':
      return metaOfValues(clause.values);
    case 'cidr':
      return metaOfValues(clause.blocks);
    case 'exists':
      return { type: 'exists', value: 'exists' };
    case 'range':
      return { type: 'range', params: clause.bounds };
  }
}

function metaOfValues(values: readonly Scalar[]): object {
  const [first] = values;
  return values.length === 1
    ? { type: 'phrase', params: { query: first } }
    : { type: 'phrases', params: values, value: values.join(', ') };
}

function bodyOf(clause: Clause): object {
  switch (clause.kind) {
    case 'is':
      return { query: phrases(clause.field, clause.values) };
    case 'cidr':
      // An IP field takes a block where it takes an address.
      return { query: phrases(clause.field, clause.blocks) };
    case 'exists':
      return { exists: { field: clause.field } };
    case 'range':
      return { range: { [clause.field]: clause.bounds } };
  }
}

function phrases(field: string, values: readonly Scalar[]): object {
  const should = values.map((value) => ({ match_phrase: { [field]: value } }));
  return should.length === 1 ? { ...should[0] } : { bool: { should, minimum_should_match: 1 } };
}
