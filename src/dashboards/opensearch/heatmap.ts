import type { HeatmapPanel } from '../spec.js';
import { metricAgg, termsAgg } from './aggs.js';
import type { Drawing } from './drawing.js';

/**
 * In shades of one colour. The field that goes down comes first: the values of the second are found for each of the first,
 * and across there is room for all of them.
 */
export function heatmap({ x, y, measure }: HeatmapPanel): Drawing {
  return {
    type: 'heatmap',
    aggs: [metricAgg(measure), termsAgg(y, measure, 2, 'group'), termsAgg(x, measure, 3, 'segment')],
    params: {
      type: 'heatmap',
      addTooltip: true,
      addLegend: true,
      enableHover: false,
      legendPosition: 'right',
      times: [],
      colorsNumber: 5,
      colorSchema: 'Blues',
      setColorRange: false,
      colorsRange: [],
      invertColors: false,
      percentageMode: false,
      valueAxes: [
        {
          show: false,
          id: 'ValueAxis-1',
          type: 'value',
          scale: { type: 'linear', defaultYExtents: false },
          labels: { show: false, rotate: 0, overwriteColor: false, color: 'black' },
        },
      ],
    },
  };
}
