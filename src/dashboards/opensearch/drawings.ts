import { colours, palette } from '../colours.js';
import type {
  BarsPanel,
  ChartPanel,
  Group,
  HeatmapPanel,
  Measure,
  MetricPanel,
  SeriesPanel,
  SharePanel,
  Split,
  TablePanel,
} from '../spec.js';
import { groupsAgg, labelOf, metricAgg, splitAgg, termsAgg, timeAgg, type Agg } from './aggs.js';
import { pointSeriesParams } from './point-series.js';

/** What `visState` and `uiStateJSON` of a visualization are made from. */
export interface Drawing {
  /** Name of the visualization type. */
  readonly type: string;
  readonly aggs: readonly Agg[];
  readonly params: object;
  /** Colours by label, order of rows: what a user may change without saving. */
  readonly uiState?: object;
}

/** What a drawing has to know of the documents. */
export interface Documents {
  readonly timeField: string;
  readonly isDate: (field: string) => boolean;
}

export function drawingOf(panel: ChartPanel, documents: Documents): Drawing {
  switch (panel.chart) {
    case 'metric':
      return metric(panel, documents);
    case 'series':
      return series(panel, documents);
    case 'bars':
      return bars(panel);
    case 'share':
      return share(panel);
    case 'table':
      return table(panel);
    case 'heatmap':
      return heatmap(panel);
  }
}

/**
 * A metric puts the group's name in front of its own, which for a single group says the same twice: such a group is a
 * condition of the panel, and gives its name to the measure.
 */
export function loneGroup({ groups }: MetricPanel): Group | undefined {
  return groups?.length === 1 ? groups[0] : undefined;
}

/** Points: a time takes more room than a number. */
const fontSizes = { number: 36, time: 18 };

function metric(panel: MetricPanel, { isDate }: Documents): Drawing {
  const { measure, groups = [] } = panel;
  const isTime = measure.of !== 'unique' && measure.field !== undefined && isDate(measure.field);
  const lone = loneGroup(panel);
  return {
    type: 'metric',
    aggs: lone
      ? [metricAgg({ ...measure, title: lone.title })]
      : [metricAgg(measure), ...(groups.length === 0 ? [] : [groupsAgg(groups, 2, 'group')])],
    params: {
      addTooltip: true,
      addLegend: false,
      type: 'metric',
      metric: {
        percentageMode: false,
        useRanges: false,
        colorSchema: 'Blues',
        metricColorMode: 'None',
        colorsRange: [{ from: 0, to: 10000 }],
        labels: { show: true },
        invertColors: false,
        style: {
          bgFill: '#000',
          bgColor: false,
          labelColor: false,
          subText: '',
          fontSize: isTime ? fontSizes.time : fontSizes.number,
        },
      },
    },
  };
}

const styles = { bars: 'histogram', lines: 'line', areas: 'area' } as const;

function series({ measure, split, style }: SeriesPanel, { timeField }: Documents): Drawing {
  const type = styles[style];
  return {
    type,
    aggs: [metricAgg(measure), timeAgg(timeField, 2), ...splitInto(split, measure)],
    params: pointSeriesParams({
      type,
      lying: false,
      stacked: style !== 'lines',
      legend: split === undefined ? 'none' : 'right',
      measure,
    }),
    ...coloured(split, measure),
  };
}

function bars({ by, measure, split }: BarsPanel): Drawing {
  return {
    type: 'horizontal_bar',
    aggs: [metricAgg(measure), termsAgg(by, measure, 2, 'segment'), ...splitInto(split, measure)],
    params: pointSeriesParams({
      type: 'histogram',
      lying: true,
      stacked: split !== undefined,
      legend: split === undefined ? 'none' : 'bottom',
      measure,
    }),
    ...coloured(split, measure),
  };
}

function share({ by, measure }: SharePanel): Drawing {
  return {
    type: 'pie',
    aggs: [metricAgg(measure), splitAgg(by, measure, 2, 'segment')],
    params: {
      type: 'pie',
      addTooltip: true,
      addLegend: true,
      legendPosition: 'bottom',
      isDonut: true,
      labels: { show: true, values: true, last_level: true, truncate: 100 },
    },
    ...('groups' in by && coloured(by, measure)),
  };
}

function table({ rows, measures }: TablePanel): Drawing {
  const [first] = measures;
  return {
    type: 'table',
    aggs: [
      ...measures.map((measure, i) => metricAgg(measure, i === 0 ? 1 : rows.length + i + 1)),
      ...(first === undefined ? [] : rows.map((terms, i) => termsAgg(terms, first, i + 2, 'bucket'))),
    ],
    params: {
      perPage: 10,
      showPartialRows: false,
      showMetricsAtAllLevels: false,
      showTotal: false,
      totalFunc: 'sum',
      percentageCol: '',
    },
    // Each level is ordered by itself; over all rows only the table can do it.
    uiState: { vis: { sortColumn: { colIndex: rows.length, direction: 'desc' } } },
  };
}

function heatmap({ x, y, measure }: HeatmapPanel): Drawing {
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

function splitInto(split: Split | undefined, measure: Measure): Agg[] {
  return split === undefined ? [] : [splitAgg(split, measure, 3, 'group')];
}

/** Values of a field get their colours when they are seen. */
function coloured(split: Split | undefined, measure: Measure): { uiState?: object } {
  if (split === undefined) return { uiState: { vis: { colors: { [labelOf(measure)]: palette[0] } } } };
  return 'groups' in split ? { uiState: { vis: { colors: coloursOf(split.groups) } } } : {};
}

function coloursOf(groups: readonly Group[]): Record<string, string> {
  return Object.fromEntries(groups.map(({ title, colour }) => [title, colours[colour]]));
}
