import { commonQuery, narrow, type Look } from './app.js';
import { ask } from './ask.js';
import { h, icon, icons } from './dom.js';
import { formatLast, timeZone } from './format.js';
import { withoutFilter, withVerdict, type Verdict } from './state.js';
import { customPeriod, isCustom } from './custom-period.js';
import type { ValuesAnswer } from '../protocol.js';

const periods = ['1h', '24h', '7d', '30d'];

export interface Control {
  readonly field: string;
  readonly title: string;
}

/** What narrows the view: period, verdict, and a list to choose from for each control. */
export function toolbar(look: Look, offers: { controls: readonly Control[]; verdict: boolean }): HTMLElement {
  return h(
    'div',
    { class: 'toolbar', attrs: { role: 'search', 'aria-label': 'Filters' } },
    periodChoice(look),
    isCustom(look.period) && customPeriod(look),
    offers.verdict && verdictChoice(look),
    ...offers.controls.map((control) => valueChoice(look, control)),
    reloadButton(look),
    h('span', { class: 'zone', attrs: { title: 'All times are in this zone' } }, timeZone(look.to)),
  );
}

function periodChoice(look: Look): HTMLElement {
  const now = 'last' in look.period ? look.period.last : 'custom';
  const values = periods.includes(now) || now === 'custom' ? periods : [now, ...periods];
  const options = values.map((value) => option(value, formatLast(value), value === now));
  const select = h('select', {}, ...options, option('custom', 'Custom …', now === 'custom'));
  select.addEventListener('change', () => {
    const { from, to } = look;
    const period =
      select.value === 'custom' ? { from: from.toISOString(), to: to.toISOString() } : { last: select.value };
    look.go({ ...look.state, period });
  });
  return field('Period', select);
}

function option(value: string, text: string, selected: boolean): HTMLElement {
  return h('option', { attrs: { value, selected } }, text);
}

function field(title: string, input: HTMLElement): HTMLElement {
  return h('label', { class: 'field' }, h('span', {}, title), input);
}

const verdicts: readonly (readonly [verdict: Verdict | undefined, title: string])[] = [
  [undefined, 'All'],
  ['allowed', 'Allowed'],
  ['denied', 'Denied'],
];

function verdictChoice(look: Look): HTMLElement {
  const buttons = verdicts.map(([verdict, title]) =>
    h(
      'button',
      {
        attrs: { type: 'button', 'aria-pressed': String(look.state.verdict === verdict) },
        on: { click: () => look.go(withVerdict(look.state, verdict)) },
      },
      title,
    ),
  );
  return h(
    'div',
    { class: 'field', attrs: { role: 'group', 'aria-label': 'Verdict' } },
    h('span', {}, 'Verdict'),
    h('div', { class: 'segments' }, ...buttons),
  );
}

/** An input that proposes the most frequent values of the field, and takes any other too. */
function valueChoice(look: Look, { field: name, title }: Control): HTMLElement {
  const id = `values-${name}`;
  const list = h('datalist', { attrs: { id } });
  const value = look.state.filters[name] ?? '';
  const input = h('input', {
    attrs: { type: 'search', list: id, value, placeholder: 'any', autocomplete: 'off', 'data-field': name },
  });
  const choose = (): void => {
    const chosen = input.value.trim();
    if (chosen === value) return;
    if (chosen !== '') narrow(look, { [name]: chosen });
    else look.go({ ...look.state, filters: withoutFilter(look.state.filters, name) });
  };
  input.addEventListener('change', choose);
  input.addEventListener('focus', () => void propose(look, name, list), { once: true });
  return field(title, h('span', { class: 'choice' }, input, list));
}

async function propose(look: Look, name: string, list: HTMLElement): Promise<void> {
  const query = commonQuery({ ...look, state: { ...look.state, filters: withoutFilter(look.state.filters, name) } });
  query.set('field', name);
  try {
    const { values } = await ask<ValuesAnswer>('values', query, look.signal);
    list.append(...values.map((proposed) => h('option', { attrs: { value: proposed } })));
  } catch {
    // Without proposals the field still takes what is typed; the panels tell what is wrong.
  }
}

function reloadButton(look: Look): HTMLElement {
  return h(
    'button',
    { class: 'reload', attrs: { type: 'button' }, on: { click: () => look.go(look.state) } },
    icon(icons.reload),
    'Reload',
  );
}
