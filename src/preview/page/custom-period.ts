import type { Look } from './app.js';
import { h } from './dom.js';
import type { Period } from './state.js';

export function isCustom(period: Period): boolean {
  return 'from' in period;
}

/** Two moments in local time. */
export function customPeriod(look: Look): HTMLElement {
  const from = moment(look.from, 'From');
  const to = moment(look.to, 'To');
  const apply = (): void => {
    const [begin, end] = [new Date(from.value), new Date(to.value)];
    const isPeriod = begin.getTime() < end.getTime();
    to.setCustomValidity(isPeriod ? '' : 'The end must be after the beginning.');
    if (!isPeriod) to.reportValidity();
    else look.go({ ...look.state, period: { from: begin.toISOString(), to: end.toISOString() } });
  };
  from.addEventListener('change', apply);
  to.addEventListener('change', apply);
  return h('div', { class: 'field' }, h('span', {}, 'From – to'), h('div', { class: 'between' }, from, to));
}

function moment(date: Date, label: string): HTMLInputElement {
  return h('input', { attrs: { type: 'datetime-local', step: 1, value: localText(date), 'aria-label': label } });
}

/** As the input wants it: local time without a zone. */
function localText(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
