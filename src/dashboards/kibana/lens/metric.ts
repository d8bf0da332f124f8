import { colours } from '../../colours.js';
import type { MetricPanel } from '../../spec.js';
import type { ColumnMaker } from './columns.js';
import { layer, MEASURE, type Drawing } from './drawing.js';

/** One number, of one group at most: Lens has one colour for all numbers of a panel, so each group has its own panel. */
export function metric({ measure, groups: [group] = [] }: MetricPanel, make: ColumnMaker): Drawing {
  return {
    type: 'lnsMetric',
    columns: { [MEASURE]: make.measure(measure, group && { where: group.where }) },
    visualization: {
      ...layer,
      metricAccessor: MEASURE,
      showBar: false,
      ...(group && { color: colours[group.colour] }),
    },
  };
}

/** A panel for each group, side by side in the place of the panel. */
export function panelsByGroup(panel: MetricPanel): MetricPanel[] {
  const { groups = [], at } = panel;
  if (groups.length === 0) return [panel];
  return groups.map((group, i) => ({
    ...panel,
    id: `${panel.id}-${String(i + 1)}`,
    title: groups.length === 1 ? panel.title : group.title,
    groups: [group],
    at: portion(at, i, groups.length),
  }));
}

function portion([x, y, width, height]: MetricPanel['at'], i: number, count: number): MetricPanel['at'] {
  const left = Math.floor((width * i) / count);
  return [x + left, y, Math.floor((width * (i + 1)) / count) - left, height];
}
