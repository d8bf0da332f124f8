import type { Numbers } from '../../../dashboards/data.js';
import type { MetricPanel } from '../../../dashboards/spec.js';
import { h } from '../dom.js';
import { formatDay, formatNumber, formatClock, formatTime } from '../format.js';
import type { Drawing } from './drawing.js';
import { painted, paintOf } from './paint.js';

/** One number, or several side by side. */
export function drawMetric({ look, panel, body }: Drawing<MetricPanel>, { values }: Numbers): void {
  const isSeconds = look.specs.dataView.computed.some(({ name }) => name === panel.measure.field);
  body.append(
    h(
      'dl',
      { class: values.length > 1 ? 'metrics several' : 'metrics', style: { '--count': String(values.length) } },
      ...values.map(({ title, value, colour, kind }) =>
        h(
          'div',
          colour ? painted('metric', paintOf({ colour }, 0)) : { class: 'metric' },
          h('dd', {}, ...(kind === 'time' ? moment(value) : amount(value, isSeconds))),
          h('dt', {}, title),
        ),
      ),
    ),
  );
}

function amount(value: number | null, seconds: boolean): (Node | string)[] {
  if (value === null) return ['–'];
  return seconds ? [formatNumber(value), h('small', {}, ' s')] : [formatNumber(value)];
}

function moment(value: number | null): (Node | string)[] {
  if (value === null) return ['–'];
  return [
    h('time', { attrs: { datetime: new Date(value).toISOString(), title: formatTime(value) } }, formatClock(value)),
    h('small', {}, ` ${formatDay(value)}`),
  ];
}
