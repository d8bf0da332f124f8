import type { Finding } from '../../rules/finding.js';
import type { Look } from './app.js';
import { h } from './dom.js';
import { formatNumber, formatSecond, formatTime } from './format.js';
import { valueLink } from './value.js';

const FIRST = 20;

/** What a rule has found, a row each, with the values that lead on. */
export function findingsTable(look: Look, findings: readonly Finding[]): HTMLElement {
  const fields = [...new Set(findings.flatMap(({ group }) => Object.keys(group)))];
  const names = [...fields, 'found', 'events', 'from', 'to'];
  const withExample = findings.some(({ example }) => example !== undefined);
  const rows = findings.map((finding) => rowOf(look, fields, finding, withExample));
  const body = h('tbody', {}, ...rows.slice(0, FIRST));
  const more = moreButton(body, rows.slice(FIRST));
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'events-table' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...[...names, ...(withExample ? ['for example'] : [])].map((name) =>
            h('th', { attrs: { scope: 'col' } }, name),
          ),
        ),
      ),
      body,
    ),
    more,
  );
}

function rowOf(look: Look, fields: readonly string[], finding: Finding, withExample: boolean): HTMLElement {
  const { group, found, events, from, to, example } = finding;
  return h(
    'tr',
    {},
    ...fields.map((field) => {
      const value = group[field];
      return h('td', {}, value === undefined ? '–' : valueLink(look, field, String(value)));
    }),
    h('td', {}, typeof found === 'number' ? formatNumber(found) : found),
    h('td', { class: 'number' }, formatNumber(events)),
    h('td', { class: 'time', attrs: { title: formatTime(from) } }, formatSecond(from)),
    h('td', { class: 'time', attrs: { title: formatTime(to) } }, formatSecond(to)),
    withExample && h('td', {}, example),
  );
}

function moreButton(body: HTMLElement, rest: readonly HTMLElement[]): HTMLElement | undefined {
  if (rest.length === 0) return undefined;
  const button = h('button', { class: 'more', attrs: { type: 'button' } }, `Show ${formatNumber(rest.length)} more`);
  button.addEventListener('click', () => {
    body.append(...rest);
    button.remove();
  });
  return button;
}
