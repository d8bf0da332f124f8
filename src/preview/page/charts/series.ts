import type { TimeSeries } from '../../../dashboards/data.js';
import type { SeriesPanel } from '../../../dashboards/spec.js';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { h } from '../dom.js';
import { formatNumber, formatShort, formatTime } from '../format.js';
import type { Look } from '../app.js';
import type { Drawing } from './drawing.js';
import { chartIn, tooltip, type Ink } from './echarts.js';
import { legend } from './legend.js';
import { paintOf, stripes, swatch } from './paint.js';

/** A measure over time. Dragging across it, or a click, looks at that time only. */
export function drawSeries({ look, panel, body }: Drawing<SeriesPanel>, data: TimeSeries): void {
  const place = h('div', { class: 'canvas' });
  const key = legend(look, data.series, panel.split);
  body.append(...(key ? [key] : []), place);
  const chart = chartIn(place, panel.title, (ink) => optionOf(panel, data, ink), look.signal);
  zoomOnClick(chart, look, data);
  zoomOnDrag(chart, look);
}

const symbols = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin', 'arrow'];

/** In words of ECharts: the day where it begins, the time elsewhere. */
const timeLabels = {
  year: '{yyyy}',
  month: '{MMM} {yyyy}',
  day: '{MMM} {d}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
};

function optionOf({ style, measure }: SeriesPanel, data: TimeSeries, ink: Ink): EChartsCoreOption {
  const { times } = data;
  const width = bucketMs(times);
  // A bar stands on its bucket's time, from its beginning to its end.
  const shift = style === 'bars' ? width / 2 : 0;
  const text = { color: ink.faint, fontFamily: ink.font, fontSize: 11 };
  return {
    animationDuration: 250,
    grid: { left: 8, right: 14, top: 10, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: ink.font },
    xAxis: {
      type: 'time',
      min: times[0],
      max: (times.at(-1) ?? 0) + (style === 'bars' ? width : 0),
      axisLabel: { ...text, hideOverlap: true, formatter: timeLabels },
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { lineStyle: { color: ink.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      // There are no parts of an event.
      ...((measure.of === 'count' || measure.of === 'unique') && { minInterval: 1 }),
      axisLabel: { ...text, formatter: formatShort },
      splitLine: { lineStyle: { color: ink.line, type: 'dashed' } },
    },
    tooltip: {
      ...tooltip(ink),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: ink.faint, opacity: 0.12 } },
      formatter: (points: readonly { readonly dataIndex: number }[]) => tipOf(data, points[0]?.dataIndex ?? 0, width),
    },
    brush: {
      xAxisIndex: 0,
      brushType: 'lineX',
      brushMode: 'single',
      brushStyle: { borderWidth: 1, color: 'rgba(86,180,233,0.25)', borderColor: '#56B4E9' },
      outOfBrush: { colorAlpha: 1 },
    },
    series: data.series.map((one, i) => {
      const paint = paintOf(one, i);
      const points = times.map((time, at) => [time + shift, one.values[at] ?? null]);
      const common = { name: one.title, data: points, color: paint.colour, emphasis: { disabled: true } };
      if (style === 'bars')
        return {
          ...common,
          type: 'bar',
          stack: 'all',
          barWidth: '80%',
          itemStyle: paint.striped ? { decal: stripes } : {},
        };
      return {
        ...common,
        type: 'line',
        symbol: symbols[i % symbols.length],
        symbolSize: 5,
        showSymbol: data.series.length > 1,
        connectNulls: false,
        lineStyle: { width: 2 },
        ...(style === 'areas' && { stack: 'all', areaStyle: { opacity: 0.35 } }),
        ...(data.series.length === 1 && { areaStyle: { opacity: 0.12 } }),
      };
    }),
  };
}

function tipOf({ times, series }: TimeSeries, index: number, width: number): HTMLElement {
  const time = times[index] ?? 0;
  return h(
    'div',
    {},
    h('div', { class: 'tip-title' }, `${formatTime(time)} – ${formatTime(time + width)}`),
    h(
      'table',
      {},
      ...series.map((one, i) =>
        h(
          'tr',
          {},
          h('td', {}, swatch(paintOf(one, i)), one.title),
          h('td', { class: 'number' }, formatNumber(one.values[index] ?? 0)),
        ),
      ),
    ),
  );
}

function bucketMs(times: readonly number[]): number {
  const [first = 0, second = first + 60_000] = times;
  return second - first;
}

function zoomOnClick(chart: ECharts, look: Look, { times }: TimeSeries): void {
  const width = bucketMs(times);
  chart.getZr().on('click', ({ offsetX, offsetY }) => {
    if (!chart.containPixel('grid', [offsetX, offsetY])) return;
    const at = Number(chart.convertFromPixel({ xAxisIndex: 0 }, offsetX));
    const begin = times.findLast((time) => time <= at);
    if (begin !== undefined) zoom(look, begin, begin + width);
  });
}

function zoomOnDrag(chart: ECharts, look: Look): void {
  chart.dispatchAction({
    type: 'takeGlobalCursor',
    key: 'brush',
    brushOption: { brushType: 'lineX', brushMode: 'single' },
  });
  chart.on('brushEnd', (event) => {
    const { areas } = event as { areas: readonly { readonly coordRange?: readonly [number, number] }[] };
    const [from, to] = areas[0]?.coordRange ?? [0, 0];
    if (to - from > 1000) zoom(look, from, to);
  });
}

function zoom(look: Look, from: number, to: number): void {
  const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  look.go({ ...look.state, period });
}
