import { colourOf, colours } from '../colours.js';
import type { BarsPanel, ChartPanel, Group, Measure, SeriesPanel, SharePanel, Split, TablePanel } from '../spec.js';
import { labelOf, metricAgg, splitAgg, termsAgg, timeAgg, type Agg } from './aggs.js';
import { isTime, type Documents, type Drawing } from './drawing.js';
import { heatmap } from './heatmap.js';
import { metric } from './metric.js';
import { pointSeriesParams } from './point-series.js';

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
      return table(panel, documents);
    case 'heatmap':
      return heatmap(panel);
  }
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
      // Beside a ring there is no room for them: the legend names the parts, a tooltip has their values.
      labels: { show: false, values: true, last_level: true, truncate: 100 },
    },
    ...('groups' in by && coloured(by, measure)),
  };
}

/** Pixels, for a time to the millisecond. */
const TIME_WIDTH = 215;

function table({ rows, measures }: TablePanel, { isDate }: Documents): Drawing {
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
    uiState: {
      vis: {
        // Each level is ordered by itself; over all rows only the table can do it.
        sortColumn: { colIndex: rows.length, direction: 'desc' },
        // Columns share the width evenly, which in a narrow table cuts the hour off a time.
        columnsWidth: measures.flatMap((measure, i) =>
          isTime(measure, isDate) ? [{ colIndex: rows.length + i, width: TIME_WIDTH }] : [],
        ),
      },
    },
  };
}

function splitInto(split: Split | undefined, measure: Measure): Agg[] {
  return split === undefined ? [] : [splitAgg(split, measure, 3, 'group')];
}

/** Values of a field get their colours when they are seen. */
function coloured(split: Split | undefined, measure: Measure): { uiState?: object } {
  if (split === undefined) return { uiState: { vis: { colors: { [labelOf(measure)]: colourOf(measure) } } } };
  return 'groups' in split ? { uiState: { vis: { colors: coloursOf(split.groups) } } } : {};
}

function coloursOf(groups: readonly Group[]): Record<string, string> {
  return Object.fromEntries(groups.map(({ title, colour }) => [title, colours[colour]]));
}
