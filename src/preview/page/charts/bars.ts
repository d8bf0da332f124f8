import type { Categories, Series } from '../../../dashboards/data.js';
import type { BarsPanel } from '../../../dashboards/spec.js';
import { h } from '../dom.js';
import { formatNumber } from '../format.js';
import { valueLink } from '../value.js';
import type { Drawing } from './drawing.js';
import { legend } from './legend.js';
import { painted, paintOf } from './paint.js';

/** Lying bars, each under its name, so that long names have room. */
export function drawBars({ look, panel, body }: Drawing<BarsPanel>, { names, series }: Categories): void {
  const totals = names.map((_, i) => sum(series, i));
  const largest = Math.max(...totals, 1e-9);
  const rows = names.map((name, i) =>
    h(
      'li',
      {},
      h('span', { class: 'name' }, valueLink(look, panel.by.field, name)),
      h('span', { class: 'amount' }, formatNumber(totals[i] ?? 0)),
      h('span', { class: 'bar', attrs: { 'aria-hidden': true } }, ...segments(series, i, largest)),
    ),
  );
  const key = legend(look, series, panel.split);
  body.append(...(key ? [key] : []), h('ol', { class: 'bars', style: { '--rows': String(rows.length) } }, ...rows));
}

function sum(series: readonly Series[], index: number): number {
  return series.reduce((total, { values }) => total + (values[index] ?? 0), 0);
}

function segments(series: readonly Series[], index: number, largest: number): HTMLElement[] {
  return series.flatMap((one, i) => {
    const value = one.values[index] ?? 0;
    if (value === 0) return [];
    const { class: name, style } = painted('segment', paintOf(one, i));
    const title = `${one.title}: ${formatNumber(value)}`;
    return h('span', { class: name, attrs: { title }, style: { ...style, width: `${(value / largest) * 100}%` } });
  });
}
