import { drillState, linkedDashboard, narrow, shortTitle, type Look } from './app.js';
import { h, icon, icons } from './dom.js';
import { writeState, type State } from './state.js';

/**
 * A value that leads on: to the dashboard for such values, or to itself alone. A link, so that it opens in a new tab too; where it leads
 * away, a button beside it stays here.
 */
export function valueLink(look: Look, field: string, value: string, label = value): HTMLElement {
  const to = linkedDashboard(look, field);
  const target = look.specs.dashboards.find(({ id }) => id === to);
  const title = target ? `${value}: open ${shortTitle(target.title)}` : `Show only ${field} ${value}`;
  const link = stateLink(look, drillState(look, field, value), title, label);
  return h('span', { class: 'value' }, link, target && hereButton(look, field, value));
}

function hereButton(look: Look, field: string, value: string): HTMLElement {
  const title = `Show only ${value} here`;
  return h(
    'button',
    {
      class: 'here',
      attrs: { type: 'button', title, 'aria-label': title },
      on: { click: () => narrow(look, { [field]: value }) },
    },
    icon(icons.filter),
  );
}

/** A link to another state of the page. */
export function stateLink(look: Look, state: State, title: string, ...label: (string | Node)[]): HTMLAnchorElement {
  return h(
    'a',
    {
      attrs: { href: writeState(state), title },
      on: {
        click: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          look.go(state);
        },
      },
    },
    ...label,
  );
}

/** Head of a column; the name of a field may be broken behind its dots. */
export function fieldHead(name: string): HTMLElement {
  const parts = name.split(/(?<=\.)/);
  return h('th', { attrs: { scope: 'col' } }, ...parts.flatMap((part, i) => (i === 0 ? [part] : [h('wbr'), part])));
}

const verdicts: readonly (readonly [pattern: RegExp, name: string, mark: string])[] = [
  [/denied$/, 'denied', '⊘'],
  [/blocked$/, 'alert', '▲'],
  [/allowed$/, 'allowed', '✓'],
];

/** A verdict gets a mark and a colour, anything else stays text. */
export function verdictMark(field: string, value: string): HTMLElement | undefined {
  if (field !== 'event.action') return undefined;
  const found = verdicts.find(([pattern]) => pattern.test(value));
  return found && h('span', { class: `mark ${found[1]}`, attrs: { 'aria-hidden': true } }, found[2]);
}
