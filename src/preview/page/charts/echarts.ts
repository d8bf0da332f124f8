import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { BrushComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what is drawn gets into the bundle.
use([BarChart, LineChart, PieChart, BrushComponent, GridComponent, TooltipComponent, CanvasRenderer]);

/** A chart in `place` that keeps its size and ends with the signal. */
export function chartIn(
  place: HTMLElement,
  label: string,
  option: (ink: Ink) => EChartsCoreOption,
  signal: AbortSignal,
): ECharts {
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', `${label}. The button "Show as table" has the figures.`);
  const chart = init(place, null, { renderer: 'canvas' });
  const draw = (): void => chart.setOption(option(inkOf(place)));
  draw();
  const resizing = new ResizeObserver(() => chart.resize());
  resizing.observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  signal.addEventListener('abort', () => {
    resizing.disconnect();
    chart.dispose();
  });
  return chart;
}

/** The page's own colours and font, which a canvas does not inherit. */
export interface Ink {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
}

function inkOf(place: HTMLElement): Ink {
  const style = getComputedStyle(place);
  const variable = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: variable('--text'),
    faint: variable('--faint'),
    line: variable('--line'),
    surface: variable('--surface'),
    font: style.fontFamily,
  };
}

/** Look of tooltips; their content is made of elements. */
export function tooltip(ink: Ink): object {
  return {
    appendTo: 'body',
    className: 'tooltip',
    backgroundColor: ink.surface,
    borderColor: ink.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: ink.text, fontFamily: ink.font, fontSize: 12 },
    transitionDuration: 0,
  };
}
