import type { HeatmapPanel } from '../../spec.js';
import type { ColumnMaker } from './columns.js';
import { layer, MEASURE, type Drawing } from './drawing.js';

/** For each of the largest values down, the largest across. */
export function heatmap({ x, y, measure }: HeatmapPanel, make: ColumnMaker): Drawing {
  const order = { column: MEASURE };
  return {
    type: 'lnsHeatmap',
    columns: { y: make.terms(y, order), x: make.terms(x, order), [MEASURE]: make.measure(measure) },
    visualization: {
      ...layer,
      shape: 'heatmap',
      xAccessor: 'x',
      yAccessor: 'y',
      valueAccessor: MEASURE,
      legend: { isVisible: true, position: 'right', type: 'heatmap_legend' },
      gridConfig: {
        type: 'heatmap_grid',
        isCellLabelVisible: false,
        isXAxisLabelVisible: true,
        isXAxisTitleVisible: true,
        isYAxisLabelVisible: true,
        isYAxisTitleVisible: true,
      },
      palette: { type: 'palette', name: 'custom', accessor: MEASURE, params: shades },
    },
  };
}

/** From light to dark in one hue, each a fifth of the way from the lowest to the highest value. */
const steps = ['#E5F1F8', '#B3D5E8', '#66AAD0', '#0072B2', '#004166'];

const shades = {
  name: 'custom',
  progression: 'fixed',
  reverse: false,
  continuity: 'none',
  rangeType: 'percent',
  rangeMin: 0,
  rangeMax: 100,
  maxSteps: steps.length,
  steps: steps.length,
  colorStops: steps.map((color, i) => ({ color, stop: (i * 100) / steps.length })),
  stops: steps.map((color, i) => ({ color, stop: ((i + 1) * 100) / steps.length })),
};
