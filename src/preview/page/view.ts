import type { Dashboard, SavedSearch } from '../../dashboards/spec.js';
import { shortTitle, type Look } from './app.js';
import { chips } from './chips.js';
import { h } from './dom.js';
import { loadEvents } from './events.js';
import { frame } from './frame.js';
import { panelIn } from './panel.js';
import { rulesPage } from './rules.js';
import { toolbar, type Control } from './toolbar.js';

/** What the main part of the page shows of a look. */
export function viewOf(look: Look): HTMLElement {
  const { view } = look.state;
  const { dashboards, searches } = look.specs;
  if (view.kind === 'rules') return rulesView(look);
  if (view.kind === 'search') {
    const search = searches.find(({ id }) => id === view.id);
    return search ? searchView(look, search) : unknownView();
  }
  const dashboard = dashboards.find(({ id }) => id === view.id);
  return dashboard ? dashboardView(look, dashboard) : unknownView();
}

interface Heading {
  readonly title: string;
  readonly description: string;
}

function page(look: Look, { title, description }: Heading, tools: HTMLElement, ...content: HTMLElement[]): HTMLElement {
  document.title = `${shortTitle(title)} · CloudConnexa`;
  return h(
    'div',
    { class: 'view' },
    h('header', { class: 'heading' }, h('h1', {}, shortTitle(title)), h('p', {}, description)),
    tools,
    chips(look),
    ...content,
  );
}

function dashboardView(look: Look, dashboard: Dashboard): HTMLElement {
  const { controls, where, panels } = dashboard;
  const ofUsers = controls.some(({ field }) => field === 'user.name');
  const tools = toolbar(look, {
    // The verdict has buttons of its own.
    controls: offered(
      look,
      controls.filter(({ field }) => field !== 'event.action'),
    ),
    verdict: ofUsers && where['event.action'] === undefined,
  });
  const inOrder = [...panels].sort((a, b) => a.at[1] - b.at[1] || a.at[0] - b.at[0]);
  return page(
    look,
    dashboard,
    tools,
    h('div', { class: 'grid' }, ...inOrder.map((one) => panelIn(look, dashboard, one))),
  );
}

/** An organisation is to choose only where there are several. */
function offered(look: Look, controls: readonly Control[]): readonly Control[] {
  return controls.filter(({ field }) => field !== 'organization.id' || look.organizations.length > 1);
}

const usualControls: readonly Control[] = [
  { field: 'organization.id', title: 'Organization' },
  { field: 'user.name', title: 'User' },
  { field: 'host.name', title: 'Device' },
];

function searchView(look: Look, search: SavedSearch): HTMLElement {
  const part = frame(search.id, 'Events, newest first', 'events');
  part.element.classList.add('alone');
  void loadEvents(look, search, part);
  const tools = toolbar(look, {
    controls: offered(look, usualControls),
    verdict: search.where['event.action'] === undefined,
  });
  return page(look, search, tools, part.element);
}

function rulesView(look: Look): HTMLElement {
  const heading = {
    title: 'Alert rules',
    description:
      'What the rules would have found in the period, had they run on time: the same logic as the rules that setup installs.',
  };
  return page(
    look,
    heading,
    toolbar(look, { controls: offered(look, usualControls), verdict: false }),
    rulesPage(look),
  );
}

function unknownView(): HTMLElement {
  return h(
    'div',
    { class: 'view notice' },
    h('strong', {}, 'There is nothing of this name.'),
    'Choose from the list on the left.',
  );
}
