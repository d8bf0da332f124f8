import type { PanelData } from '../../dashboards/data.js';

/** Whether there is nothing to be seen. A number is always something, 0 too. */
export function isEmpty(data: PanelData): boolean {
  switch (data.kind) {
    case 'numbers':
      return data.values.every(({ value }) => value === null);
    case 'series':
      return data.series.every(({ values }) => values.every((value) => value === null || value === 0));
    case 'categories':
      return data.names.length === 0;
    case 'table':
      return data.rows.length === 0;
    case 'heatmap':
      return data.cells.length === 0;
  }
}
