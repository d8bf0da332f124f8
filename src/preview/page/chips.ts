import type { Look } from './app.js';
import { h, icon, icons } from './dom.js';
import { formatTime } from './format.js';
import { withoutFilter, withVerdict, type State } from './state.js';

/** Everything that narrows the view, each to be removed by a click. */
export function chips(look: Look): HTMLElement | undefined {
  const { state, period, from, to } = look;
  const found = Object.entries(state.filters).map(([field, value]) =>
    chip(look, field, value, { ...state, filters: withoutFilter(state.filters, field) }),
  );
  if (state.verdict !== undefined) found.push(chip(look, 'verdict', state.verdict, withVerdict(state, undefined)));
  if ('from' in period) {
    const { view, filters, verdict } = state;
    const rest = withVerdict({ view, filters }, verdict);
    found.push(chip(look, 'time', `${formatTime(from.getTime())} – ${formatTime(to.getTime())}`, rest));
  }
  if (found.length === 0) return undefined;
  return h('ul', { class: 'chips', attrs: { 'aria-label': 'Active filters' } }, ...found, clearAll(look));
}

function chip(look: Look, field: string, value: string, without: State): HTMLElement {
  const title = `Remove the filter ${field}: ${value}`;
  return h(
    'li',
    { class: 'chip' },
    h('span', { class: 'faint' }, `${field}: `),
    h('strong', {}, value),
    h(
      'button',
      { attrs: { type: 'button', title, 'aria-label': title }, on: { click: () => look.go(without) } },
      icon(icons.close),
    ),
  );
}

function clearAll(look: Look): HTMLElement {
  const { view } = look.state;
  return h(
    'li',
    {},
    h(
      'button',
      { class: 'clear', attrs: { type: 'button' }, on: { click: () => look.go({ view, filters: {} }) } },
      'Clear all',
    ),
  );
}
