import type { Measure } from '../spec.js';
import { labelOf } from './aggs.js';

interface PointSeries {
  readonly type: 'histogram' | 'line' | 'area';
  /** Whether bars lie, with the categories at the left. */
  readonly lying: boolean;
  readonly stacked: boolean;
  readonly legend: 'right' | 'bottom' | 'none';
  readonly measure: Measure;
}

/** `visState.params` of bars, lines and areas: two axes, and one way to draw that holds for all series of the measure. */
export function pointSeriesParams(drawing: PointSeries): object {
  return {
    type: drawing.type,
    grid: { categoryLines: false, valueAxis: 'ValueAxis-1' },
    categoryAxes: [categoryAxis(drawing)],
    valueAxes: [valueAxis(drawing)],
    seriesParams: [seriesParams(drawing)],
    addTooltip: true,
    addLegend: drawing.legend !== 'none',
    legendPosition: drawing.legend === 'none' ? 'right' : drawing.legend,
    times: [],
    addTimeMarker: false,
    labels: { show: false },
    thresholdLine: { show: false, value: 10, width: 1, style: 'full', color: '#999999' },
  };
}

function categoryAxis({ lying }: PointSeries): object {
  return {
    id: 'CategoryAxis-1',
    type: 'category',
    position: lying ? 'left' : 'bottom',
    show: true,
    style: {},
    scale: { type: 'linear' },
    // Times may be left out where they would overlap, names may not.
    labels: lying
      ? { show: true, rotate: 0, filter: false, truncate: 160 }
      : { show: true, filter: true, truncate: 100 },
    title: {},
  };
}

function valueAxis({ lying, measure }: PointSeries): object {
  return {
    id: 'ValueAxis-1',
    name: 'LeftAxis-1',
    type: 'value',
    position: lying ? 'bottom' : 'left',
    show: true,
    style: {},
    scale: { type: 'linear', mode: 'normal' },
    labels: { show: true, rotate: 0, filter: true, truncate: 100 },
    title: { text: labelOf(measure) },
  };
}

function seriesParams({ type, stacked, measure }: PointSeries): object {
  return {
    show: true,
    type,
    mode: stacked ? 'stacked' : 'normal',
    data: { label: labelOf(measure), id: '1' },
    valueAxis: 'ValueAxis-1',
    drawLinesBetweenPoints: true,
    interpolate: 'linear',
    lineWidth: 2,
    showCircles: true,
  };
}
