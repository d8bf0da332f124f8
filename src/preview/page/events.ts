import type { SavedSearch } from '../../dashboards/spec.js';
import type { EventsAnswer, StoredEvent } from '../protocol.js';
import { commonQuery, type Look } from './app.js';
import { ask } from './ask.js';
import { flatten, valuesAt } from './document.js';
import { fill, h, icon, icons } from './dom.js';
import { formatNumber, formatSecond, formatTime } from './format.js';
import { load, type Frame } from './frame.js';
import { fieldHead, valueLink, verdictMark } from './value.js';

const FIRST = 50;
const MOST = 500;

/** The newest events of a saved search; each opens to its full document. */
export function loadEvents(look: Look, search: SavedSearch, part: Frame, size = FIRST): Promise<void> {
  const query = commonQuery(look);
  query.set('search', search.id);
  if (look.state.view.kind === 'dashboard') query.set('dashboard', look.state.view.id);
  query.set('size', String(size));
  return load(look, part, {
    load: () => ask<EventsAnswer>('events', query, look.signal),
    draw: ({ total, events }) => {
      fill(part.tools, countOf(total, events.length));
      if (events.length === 0) return 'empty';
      part.body.append(tableOf(look, search, events));
      if (events.length < Math.min(total, MOST)) part.body.append(moreButton(look, search, part));
      return 'ready';
    },
  });
}

function countOf(total: number, shown: number): HTMLElement {
  const text = shown < total ? `newest ${formatNumber(shown)} of ${formatNumber(total)}` : formatNumber(total);
  return h('span', { class: 'count' }, text);
}

function moreButton(look: Look, search: SavedSearch, part: Frame): HTMLElement {
  return h(
    'button',
    { class: 'more', attrs: { type: 'button' }, on: { click: () => void loadEvents(look, search, part, MOST) } },
    `Show the newest ${MOST}`,
  );
}

function tableOf(look: Look, { columns }: SavedSearch, events: readonly StoredEvent[]): HTMLElement {
  const { timeField } = look.specs.dataView;
  const names = ['Time', ...columns];
  return h(
    'table',
    { class: 'events-table' },
    h('thead', {}, h('tr', {}, h('td'), ...names.map(fieldHead))),
    h('tbody', {}, ...events.flatMap((event) => rowsOf(look, event, timeField, columns))),
  );
}

function rowsOf(look: Look, event: StoredEvent, timeField: string, columns: readonly string[]): HTMLElement[] {
  const time = valuesAt(event.document, timeField)[0] ?? '';
  const details = h('tr', { class: 'details', attrs: { hidden: true } });
  const opener = h(
    'button',
    { class: 'opener', attrs: { type: 'button', 'aria-expanded': 'false', title: 'Show the whole document' } },
    icon(icons.open),
  );
  opener.addEventListener('click', () => {
    details.hidden = !details.hidden;
    opener.setAttribute('aria-expanded', String(!details.hidden));
    if (details.childElementCount === 0)
      details.append(h('td', { attrs: { colspan: columns.length + 2 } }, wholeDocument(event)));
  });
  const row = h(
    'tr',
    {},
    h('td', {}, opener),
    h('td', { class: 'time', attrs: { title: formatTime(time) } }, formatSecond(time)),
    ...columns.map((field) => cellOf(look, field, valuesAt(event.document, field))),
  );
  return [row, details];
}

function cellOf(look: Look, field: string, values: readonly string[]): HTMLElement {
  const parts = values.map((value) =>
    look.specs.filterable.includes(field)
      ? h('span', {}, verdictMark(field, value), valueLink(look, field, value))
      : readable(value),
  );
  return h('td', {}, ...parts.flatMap((part, i) => (i === 0 ? [part] : [', ', part])));
}

/** Times as people read them; anything else as it is. */
function readable(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatSecond(value) : value;
}

function wholeDocument({ document, index, id }: StoredEvent): HTMLElement {
  const fields = flatten(document).map(([field, values]) =>
    h('tr', {}, h('th', { attrs: { scope: 'row' } }, field), h('td', {}, values.join(', '))),
  );
  return h(
    'div',
    { class: 'document' },
    h('table', {}, h('tbody', {}, ...fields)),
    h('details', {}, h('summary', {}, 'JSON'), h('pre', {}, JSON.stringify(document, null, 2))),
    h('p', { class: 'faint' }, `${index} · ${id}`),
  );
}
