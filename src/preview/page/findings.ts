import type { Finding } from '../../rules/finding.js';
import type { RuleSpec } from '../protocol.js';
import type { Look } from './app.js';
import { h } from './dom.js';
import { formatNumber, formatSecond, formatTime } from './format.js';
import { fieldHead, valueLink } from './value.js';

const FIRST = 5;

interface Column {
  readonly title: string;
  readonly cell: (finding: Finding) => HTMLElement;
}

/** What a rule has found, a row each, with the values that lead on. */
export function findingsTable(look: Look, rule: RuleSpec, findings: readonly Finding[]): HTMLElement {
  const columns = columnsOf(look, rule, findings);
  const rows = findings.map((finding) => h('tr', {}, ...columns.map(({ cell }) => cell(finding))));
  const head = h('tr', {}, ...columns.map(({ title }) => fieldHead(title)));
  const body = h('tbody', {}, ...rows.slice(0, FIRST));
  return h(
    'div',
    { class: 'scroll' },
    h('table', { class: 'events-table' }, h('thead', {}, head), body),
    moreButton(body, rows.slice(FIRST)),
  );
}

function columnsOf(look: Look, rule: RuleSpec, findings: readonly Finding[]): Column[] {
  const fields = [...new Set(findings.flatMap(({ group }) => Object.keys(group)))];
  const hasExample = findings.some(({ example }) => example !== undefined);
  return [
    { title: 'when', cell: whenCell },
    ...fields.map((field) => ({ title: field, cell: (one: Finding) => valueCell(look, one, field, one.group[field]) })),
    ...foundColumn(look, rule),
    { title: 'events', cell: ({ events }) => h('td', { class: 'number' }, formatNumber(events)) },
    ...(hasExample
      ? [{ title: 'for example', cell: ({ example }: Finding) => h('td', { class: 'example' }, example) }]
      : []),
  ];
}

/** What was found says more than the number of events for some kinds of rule only. */
function foundColumn(look: Look, { kind, field = '' }: RuleSpec): Column[] {
  switch (kind) {
    case 'each':
    case 'threshold':
    case 'sequence':
    case 'silence':
      return [];
    case 'distinct':
      return [{ title: `distinct ${field}`, cell: ({ found }) => h('td', { class: 'number' }, String(found)) }];
    case 'new_value':
      return [{ title: `new ${field}`, cell: (finding) => valueCell(look, finding, field, finding.found) }];
    case 'indicator':
      return [{ title: field, cell: (finding) => valueCell(look, finding, field, finding.found) }];
  }
}

const AROUND_MS = 30 * 60_000;

/** Leads to what happened around the finding. */
function valueCell(look: Look, { from, to }: Finding, field: string, value: string | number | undefined): HTMLElement {
  const period = {
    from: new Date(Date.parse(from) - AROUND_MS).toISOString(),
    to: new Date(Date.parse(to) + AROUND_MS).toISOString(),
  };
  return h('td', {}, value === undefined ? '–' : valueLink({ ...look, period }, field, String(value)));
}

function whenCell({ from, to }: Finding): HTMLElement {
  const [begin, end] = [formatSecond(from), formatSecond(to)];
  const title = `${formatTime(from)} – ${formatTime(to)}`;
  return h('td', { class: 'time', attrs: { title } }, begin === end ? begin : `${begin} – ${end}`);
}

function moreButton(body: HTMLElement, rest: readonly HTMLElement[]): HTMLElement | undefined {
  if (rest.length === 0) return undefined;
  const button = h('button', { class: 'more', attrs: { type: 'button' } }, `Show ${formatNumber(rest.length)} more`);
  button.addEventListener('click', () => {
    body.append(...rest);
    button.parentElement?.classList.add('tall');
    button.remove();
  });
  return button;
}
