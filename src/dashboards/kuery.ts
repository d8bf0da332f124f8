import { toKuery, type Where } from '../query/where.js';

/** A query as saved objects of both targets have it. */
export interface Kuery {
  readonly query: string;
  readonly language: 'kuery';
}

/** All conditions hold; none means all documents. */
export function kuery(...wheres: readonly (Where | undefined)[]): Kuery {
  const parts = wheres.map((where = {}) => toKuery(where)).filter((part) => part !== '');
  return { query: parts.join(' and '), language: 'kuery' };
}
