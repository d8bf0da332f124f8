import { shortTitle, type Look } from './app.js';
import { h, icon, icons } from './dom.js';
import type { View } from './state.js';
import { stateLink } from './value.js';

/** What there is to look at. Going there keeps the period, and the filters. */
export function sidebar(look: Look): HTMLElement {
  const { dashboards, searches, streams, version } = look.specs;
  return h(
    'nav',
    { class: 'sidebar', attrs: { 'aria-label': 'Views' } },
    h(
      'div',
      { class: 'brand' },
      h('img', { attrs: { src: 'icon.svg', alt: '', width: 24, height: 24 } }),
      h('strong', {}, 'CloudConnexa'),
      h('span', {}, 'preview'),
    ),
    group(
      'Dashboards',
      ...dashboards.map(({ id, title }) => entry(look, { kind: 'dashboard', id }, title, icons.dashboard)),
    ),
    group('Detection', entry(look, { kind: 'rules' }, 'Alert rules', icons.rules)),
    group(
      'Saved searches',
      ...searches.map(({ id, title }) => entry(look, { kind: 'search', id }, title, icons.search)),
    ),
    h(
      'footer',
      { class: 'faint' },
      h('span', { attrs: { title: 'What is looked at' } }, streams),
      h('span', {}, `cloudconnexa-ecs ${version}`),
    ),
  );
}

function group(title: string, ...entries: HTMLElement[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), h('ul', {}, ...entries.map((one) => h('li', {}, one))));
}

function entry(look: Look, view: View, title: string, path: string): HTMLElement {
  const link = stateLink(look, { ...look.state, view }, title, icon(path), h('span', {}, shortTitle(title)));
  if (isSame(view, look.state.view)) link.setAttribute('aria-current', 'page');
  return link;
}

function isSame(a: View, b: View): boolean {
  return a.kind === b.kind && ('id' in a ? a.id : '') === ('id' in b ? b.id : '');
}
