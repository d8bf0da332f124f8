import type { TablePanel } from '../../spec.js';
import type { Column, ColumnMaker } from './columns.js';
import { layer, MEASURE, type Drawing } from './drawing.js';

/** Values of each column of rows are the largest inside the one before; the whole is ordered by the first measure. */
export function table({ rows, measures }: TablePanel, make: ColumnMaker): Drawing {
  const buckets = rows.map((terms, i) => [`row_${String(i + 1)}`, make.terms(terms, { column: MEASURE })] as const);
  const values = measures.map(
    (measure, i) => [i === 0 ? MEASURE : `${MEASURE}_${String(i + 1)}`, make.measure(measure)] as const,
  );
  const columns: (readonly [string, Column])[] = [...buckets, ...values];
  return {
    type: 'lnsDatatable',
    columns: Object.fromEntries(columns),
    visualization: {
      ...layer,
      columns: columns.map(([columnId, { isBucketed }]) => ({ columnId, isTransposed: false, isMetric: !isBucketed })),
      sorting: { columnId: MEASURE, direction: 'desc' },
      paging: { enabled: true, size: 10 },
      rowHeight: 'single',
      headerRowHeight: 'single',
    },
  };
}
