import type { Columns } from './columns.js';

/** A chart as Lens has it: the columns of its only layer, and how they are drawn. */
export interface Drawing {
  /** `lnsXY`, `lnsMetric`, … */
  readonly type: string;
  readonly columns: Columns;
  /** State of the visualization; names columns by id and the layer as {@link LAYER}. */
  readonly visualization: object;
}

/** Id of the only layer. */
export const LAYER = 'events';

/** What each visualization says of its layer. */
export const layer = { layerId: LAYER, layerType: 'data' } as const;

/** Id of the column that a drawing orders by. */
export const MEASURE = 'measure';
