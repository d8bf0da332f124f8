import type { Table } from '../../../dashboards/data.js';
import { h, fill } from '../dom.js';
import { formatCompact, formatNumber, formatTime } from '../format.js';
import { valueLink, verdictMark } from '../value.js';
import type { Look } from '../app.js';

type Cell = Table['rows'][number][number];

interface Order {
  readonly column: number;
  readonly down: boolean;
}

/** A table whose columns sort by a click. @param fields Of the first columns: their values lead on. */
export function drawTable(look: Look, body: HTMLElement, data: Table, fields: readonly string[]): void {
  const head = h('thead');
  const rows = h('tbody');
  const draw = (order: Order | undefined): void => {
    fill(head, headRow(data, order, draw));
    fill(rows, ...sorted(data, order).map((row) => h('tr', {}, ...row.map((cell, i) => drawCell(i, cell)))));
  };
  const drawCell = (column: number, value: Cell): HTMLElement => {
    const kind = data.columns[column]?.kind ?? 'text';
    const field = fields[column];
    if (value !== null && field !== undefined)
      return h(
        'td',
        { class: 'text' },
        verdictMark(field, String(value)),
        valueLink(look, field, String(value), shown(value, kind)),
      );
    return h('td', { class: kind, attrs: { title: kind === 'time' ? full(value) : undefined } }, shown(value, kind));
  };
  draw(undefined);
  body.append(h('table', { class: 'figures' }, head, rows));
}

function headRow({ columns }: Table, order: Order | undefined, draw: (order: Order) => void): HTMLElement {
  return h(
    'tr',
    {},
    ...columns.map(({ title, kind }, column) => {
      const mine = order?.column === column;
      const direction = mine && order.down ? 'descending' : mine ? 'ascending' : 'none';
      const down = mine ? !order.down : kind !== 'text';
      return h(
        'th',
        { class: kind, attrs: { scope: 'col', 'aria-sort': direction } },
        h('button', { attrs: { type: 'button' }, on: { click: () => draw({ column, down }) } }, title),
      );
    }),
  );
}

function sorted({ rows }: Table, order: Order | undefined): Table['rows'] {
  if (order === undefined) return rows;
  const { column, down } = order;
  const compare = (a: Cell, b: Cell): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return [...rows].sort((a, b) => compare(a[column] ?? '', b[column] ?? '') * (down ? -1 : 1));
}

function shown(value: Cell, kind: Table['columns'][number]['kind']): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  return kind === 'time' ? formatCompact(value) : kind === 'number' ? formatNumber(value) : String(value);
}

function full(value: Cell): string | undefined {
  return typeof value === 'number' ? formatTime(value) : undefined;
}
