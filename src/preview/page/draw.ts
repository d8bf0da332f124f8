import type { PanelData, Table } from '../../dashboards/data.js';
import type { ChartPanel } from '../../dashboards/spec.js';
import type { Look } from './app.js';
import { drawBars } from './charts/bars.js';
import { drawHeatmap } from './charts/heatmap.js';
import { drawMetric } from './charts/metric.js';
import { drawSeries } from './charts/series.js';
import { drawShare } from './charts/share.js';
import { drawTable } from './charts/table.js';

/** Draws what a panel's search has found as the panel wants it. */
export function drawPanel(look: Look, panel: ChartPanel, data: PanelData, body: HTMLElement): void {
  if (panel.chart === 'metric' && data.kind === 'numbers') drawMetric({ look, panel, body }, data);
  else if (panel.chart === 'series' && data.kind === 'series') drawSeries({ look, panel, body }, data);
  else if (panel.chart === 'bars' && data.kind === 'categories') drawBars({ look, panel, body }, data);
  else if (panel.chart === 'share' && data.kind === 'categories') drawShare({ look, panel, body }, data);
  else if (panel.chart === 'heatmap' && data.kind === 'heatmap') drawHeatmap({ look, panel, body }, data);
  else if (panel.chart === 'table' && data.kind === 'table') drawTable(look, body, data, fieldsOf(panel));
  else throw new Error(`A panel of kind ${panel.chart} cannot show ${data.kind}`);
}

/** The same as a plain table: for those who can't see a chart, or want the figures. */
export function drawAsTable(look: Look, panel: ChartPanel, data: PanelData, body: HTMLElement): void {
  drawTable(look, body, asTable(panel, data), fieldsOf(panel));
}

function fieldsOf(panel: ChartPanel): readonly string[] {
  if (panel.chart === 'table') return panel.rows.map(({ field }) => field);
  if (panel.chart === 'bars') return [panel.by.field];
  if (panel.chart === 'heatmap') return [panel.y.field, panel.x.field];
  return panel.chart === 'share' && 'field' in panel.by ? [panel.by.field] : [];
}

function asTable(panel: ChartPanel, data: PanelData): Table {
  switch (data.kind) {
    case 'table':
      return data;
    case 'numbers':
      return {
        kind: 'table',
        columns: columns(panel.title, 'Value'),
        rows: data.values.map((v) => [v.title, v.value]),
      };
    case 'categories':
      return {
        kind: 'table',
        columns: columns(nameTitle(panel), ...data.series.map(({ title }) => title)),
        rows: data.names.map((name, i) => [name, ...data.series.map(({ values }) => values[i] ?? null)]),
      };
    case 'series':
      return {
        kind: 'table',
        columns: [{ title: 'Time', kind: 'time' }, ...columns('', ...data.series.map(({ title }) => title)).slice(1)],
        rows: data.times.map((time, i) => [time, ...data.series.map(({ values }) => values[i] ?? null)]),
      };
    case 'heatmap':
      return {
        kind: 'table',
        columns: heatmapColumns(panel),
        rows: data.cells.map(([x, y, value]) => [data.ys[y] ?? '', data.xs[x] ?? '', value]),
      };
  }
}

function columns(name: string, ...numbers: readonly string[]): Table['columns'] {
  return [{ title: name, kind: 'text' }, ...numbers.map((title) => ({ title, kind: 'number' as const }))];
}

function heatmapColumns(panel: ChartPanel): Table['columns'] {
  if (panel.chart !== 'heatmap') return [];
  return [
    { title: panel.y.title, kind: 'text' },
    { title: panel.x.title, kind: 'text' },
    { title: panel.measure.title, kind: 'number' },
  ];
}

function nameTitle(panel: ChartPanel): string {
  const by = panel.chart === 'bars' || panel.chart === 'share' ? panel.by : undefined;
  return by && 'title' in by ? by.title : '';
}
