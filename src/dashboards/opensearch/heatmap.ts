import type { HeatmapPanel } from '../spec.js';
import { metricAgg, termsAgg } from './aggs.js';
import type { Drawing } from './drawing.js';

/** In shades of one colour, the first field across. */
export function heatmap({ x, y, measure }: HeatmapPanel): Drawing {
  return {
    type: 'heatmap',
    aggs: [metricAgg(measure), termsAgg(x, measure, 2, 'segment'), termsAgg(y, measure, 3, 'group')],
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
