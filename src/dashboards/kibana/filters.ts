import type { Where } from '../../query/where.js';
import { filtersOf, type Filter } from '../filters.js';

/** One filter for each condition. Since Kibana 8 whatever is searched for is inside `query`. */
export function kibanaFilters(where: Where, index: (position: number) => object): Filter[] {
  return filtersOf(where, index).map(({ query, exists, range, ...filter }) => ({
    ...filter,
    query: query ?? { ...(exists && { exists }), ...(range && { range }) },
  }));
}
