import type { Reference } from '../../saved-object.js';
import type { ChartPanel, DataView } from '../../spec.js';
import type { Fields } from '../fields.js';
import { kuery } from '../../kuery.js';
import { ColumnMaker } from './columns.js';
import { LAYER, type Drawing } from './drawing.js';
import { heatmap } from './heatmap.js';
import { metric } from './metric.js';
import { share } from './share.js';
import { table } from './table.js';
import { bars, series } from './xy.js';

/** What a panel of a dashboard has inside: all of Lens's state, so that nobody else's visualization hangs on it. */
export interface LensAttributes {
  readonly title: string;
  readonly type: 'lens';
  readonly visualizationType: string;
  readonly references: readonly Reference[];
  readonly state: object;
}

/**
 * State of Lens 8.19. It says no version, as none did then; later releases take that as the oldest and bring it up to date
 * when they read it.
 */
export function lensAttributes(panel: ChartPanel, view: DataView, fields: Fields): LensAttributes {
  const { type, columns, visualization } = drawingOf(panel, new ColumnMaker(fields, view.timeField));
  return {
    title: panel.title,
    type: 'lens',
    visualizationType: type,
    references: [{ type: 'index-pattern', id: view.id, name: `indexpattern-datasource-layer-${LAYER}` }],
    state: {
      datasourceStates: { formBased: { layers: { [LAYER]: datasourceLayer(columns) } } },
      visualization,
      query: kuery(panel.where),
      filters: [],
      internalReferences: [],
      adHocDataViews: {},
    },
  };
}

function drawingOf(panel: ChartPanel, make: ColumnMaker): Drawing {
  switch (panel.chart) {
    case 'metric':
      return metric(panel, make);
    case 'series':
      return series(panel, make);
    case 'bars':
      return bars(panel, make);
    case 'share':
      return share(panel, make);
    case 'table':
      return table(panel, make);
    case 'heatmap':
      return heatmap(panel, make);
  }
}

function datasourceLayer(columns: Drawing['columns']): object {
  return {
    columnOrder: Object.keys(columns),
    columns,
    incompleteColumns: {},
    ignoreGlobalFilters: false,
    sampling: 1,
  };
}
