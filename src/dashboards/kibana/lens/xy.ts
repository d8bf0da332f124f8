import type { BarsPanel, Measure, SeriesPanel } from '../../spec.js';
import type { ColumnMaker } from './columns.js';
import { layer, MEASURE, type Drawing } from './drawing.js';
import { partsOf, type Parts } from './split.js';

const seriesTypes = { bars: 'bar_stacked', lines: 'line', areas: 'area_stacked' } as const;

/** The parts are found before the times: they are the largest of the whole time range. */
export function series(panel: SeriesPanel, make: ColumnMaker): Drawing {
  const parts = partsOf(make, panel.measure, panel.split);
  return {
    type: 'lnsXY',
    columns: { ...parts.bucket, x: make.time(), ...parts.measures },
    visualization: xyState(seriesTypes[panel.style], panel, parts),
  };
}

export function bars(panel: BarsPanel, make: ColumnMaker): Drawing {
  const { by, measure, split } = panel;
  const parts = partsOf(make, measure, split);
  // Columns of groups have only their part of it.
  const order = MEASURE in parts.measures ? { column: MEASURE } : { measure };
  return {
    type: 'lnsXY',
    columns: { x: make.terms(by, order), ...parts.bucket, ...parts.measures },
    visualization: xyState('bar_horizontal_stacked', panel, parts),
  };
}

interface Titled {
  readonly measure: Measure;
}

function xyState(seriesType: string, { measure }: Titled, parts: Parts): object {
  const isSplit = Object.keys({ ...parts.bucket, ...parts.measures }).length > 1;
  return {
    preferredSeriesType: seriesType,
    legend: { isVisible: isSplit, position: seriesType.startsWith('bar_h') ? 'bottom' : 'right' },
    valueLabels: 'hide',
    // A line goes on where a time has no value; what is counted has one always.
    fittingFunction: seriesType === 'line' ? 'Linear' : 'None',
    yTitle: measure.title,
    yLeftExtent: { mode: 'full' },
    axisTitlesVisibilitySettings: { x: false, yLeft: true, yRight: false },
    tickLabelsVisibilitySettings: { x: true, yLeft: true, yRight: true },
    gridlinesVisibilitySettings: { x: false, yLeft: true, yRight: false },
    labelsOrientation: { x: 0, yLeft: 0, yRight: 0 },
    layers: [xyLayer(seriesType, parts)],
  };
}

function xyLayer(seriesType: string, { bucket, measures, colours }: Parts): object {
  const [splitAccessor] = Object.keys(bucket);
  const yConfig = Object.entries(colours).map(([forAccessor, color]) => ({ forAccessor, color, axisMode: 'auto' }));
  return {
    ...layer,
    seriesType,
    xAccessor: 'x',
    accessors: Object.keys(measures),
    ...(splitAccessor !== undefined && { splitAccessor, palette }),
    ...(yConfig.length > 0 && { yConfig }),
  };
}

/** Kibana's own, made for people who see no red or no green. */
const palette = { type: 'palette', name: 'default' };
