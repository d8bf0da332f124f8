import type { Measure } from '../spec.js';
import type { Agg } from './aggs.js';

/** What `visState` and `uiStateJSON` of a visualization are made from. */
export interface Drawing {
  /** Name of the visualization type. */
  readonly type: string;
  readonly aggs: readonly Agg[];
  readonly params: object;
  /** Colours by label, order of rows, widths of columns: what a user may change without saving. */
  readonly uiState?: object;
}

/** What a drawing has to know of the documents. */
export interface Documents {
  readonly timeField: string;
  readonly isDate: (field: string) => boolean;
}

/** Whether a measure gives times and not numbers. */
export function isTime({ of, field }: Measure, isDate: Documents['isDate']): boolean {
  return of !== 'unique' && field !== undefined && isDate(field);
}
