import type { Heatmap } from '../../../dashboards/data.js';
import type { HeatmapPanel } from '../../../dashboards/spec.js';
import { narrow } from '../app.js';
import { h } from '../dom.js';
import { formatNumber, formatShort } from '../format.js';
import { valueLink } from '../value.js';
import type { Drawing } from './drawing.js';

/** Width that a letter needs, so that names which have no room lying stand upright. */
const LETTER_PX = 6.5;
/** As the style has them. */
const PADDING_PX = 32;
const SPACING_PX = 2;

/** A table whose cells are the darker the larger their number. */
export function drawHeatmap(drawing: Drawing<HeatmapPanel>, { xs, ys, cells }: Heatmap): void {
  const { look, panel, body } = drawing;
  const largest = Math.max(...cells.map(([, , value]) => value), 1e-9);
  const values = new Map(cells.map(([x, y, value]) => [`${x} ${y}`, value]));
  const names = Math.min(Math.max(...ys.map((name) => name.length)) * LETTER_PX, body.clientWidth * 0.4);
  const cellPx = (body.clientWidth - PADDING_PX - names) / xs.length - SPACING_PX;
  const upright = xs.some((name) => name.length * LETTER_PX > cellPx);
  const head = h(
    'tr',
    {},
    h('td'),
    ...xs.map((name) => h('th', { attrs: { scope: 'col' } }, valueLink(look, panel.x.field, name))),
  );
  const rows = ys.map((name, y) =>
    h(
      'tr',
      {},
      h('th', { attrs: { scope: 'row' } }, valueLink(look, panel.y.field, name)),
      ...xs.map((x, i) => cell(drawing, x, name, values.get(`${i} ${y}`) ?? 0, largest)),
    ),
  );
  body.append(
    h(
      'table',
      { class: `heatmap${upright ? ' upright' : ''}`, style: { '--names': `${names + 8}px` } },
      h('thead', {}, head),
      h('tbody', {}, ...rows),
    ),
  );
}

function cell({ look, panel }: Drawing<HeatmapPanel>, x: string, y: string, value: number, most: number): HTMLElement {
  if (value === 0) return h('td', { class: 'nothing' });
  // A root, so that one large number does not make all others look the same.
  const share = Math.sqrt(value / most);
  const title = `${panel.x.title} ${x}, ${panel.y.title} ${y}: ${formatNumber(value)} ${panel.measure.title}`;
  return h(
    'td',
    { class: share > 0.6 ? 'hot' : 'warm', style: { '--share': `${Math.round(8 + share * 92)}%` } },
    h(
      'button',
      {
        attrs: { type: 'button', title, 'aria-label': `${title}: show only these` },
        on: { click: () => narrow(look, { [panel.x.field]: x, [panel.y.field]: y }) },
      },
      formatShort(value),
    ),
  );
}
