import type { ChartPanel, Dashboard, EventsPanel, Panel, TextPanel } from '../../dashboards/spec.js';
import type { PanelAnswer } from '../protocol.js';
import { commonQuery, type Look } from './app.js';
import { ask } from './ask.js';
import { h, fill, icon, icons } from './dom.js';
import { drawAsTable, drawPanel } from './draw.js';
import { isEmpty } from './empty.js';
import { loadEvents } from './events.js';
import { frame, load, setCondition, type Frame } from './frame.js';
import { markdown } from './markdown-view.js';

/** A panel in its place; what it shows comes later. */
export function panelIn(look: Look, dashboard: Dashboard, panel: Panel): HTMLElement {
  const part = frame(panel.id, panel.title, panel.chart);
  const [x, y, width, height] = panel.at;
  const place = { '--x': x + 1, '--y': y + 1, '--w': width, '--h': height };
  for (const [name, value] of Object.entries(place)) part.element.style.setProperty(name, String(value));
  void show(look, dashboard, panel, part);
  return part.element;
}

function show(look: Look, dashboard: Dashboard, panel: Panel, part: Frame): Promise<void> {
  if (panel.chart === 'text') return showText(look, panel, part);
  if (panel.chart === 'events') return showEvents(look, panel, part);
  return showChart(look, dashboard, panel, part);
}

function showText(look: Look, panel: TextPanel, part: Frame): Promise<void> {
  part.body.append(markdown(look, panel.text));
  setCondition(part, 'ready');
  return Promise.resolve();
}

function showEvents(look: Look, panel: EventsPanel, part: Frame): Promise<void> {
  const search = look.specs.searches.find(({ id }) => id === panel.search);
  return search ? loadEvents(look, search, part) : Promise.resolve();
}

async function showChart(look: Look, dashboard: Dashboard, panel: ChartPanel, part: Frame): Promise<void> {
  const query = commonQuery(look);
  query.set('dashboard', dashboard.id);
  query.set('panel', panel.id);
  await load(look, part, {
    load: () => ask<PanelAnswer>('panel', query, look.signal),
    draw: ({ data }) => {
      if (isEmpty(data)) return 'empty';
      drawPanel(look, panel, data, part.body);
      if (panel.chart !== 'table' && panel.chart !== 'metric') part.tools.append(tableSwitch(look, panel, data, part));
      return 'ready';
    },
  });
}

function tableSwitch(look: Look, panel: ChartPanel, data: PanelAnswer['data'], { body }: Frame): HTMLElement {
  const table = h('div', { class: 'as-table' });
  const chart = [...body.children];
  const button = h('button', { class: 'tool', attrs: { type: 'button' } });
  const label = (title: string, path: string): void => {
    button.title = title;
    button.setAttribute('aria-label', title);
    fill(button, icon(path));
  };
  button.addEventListener('click', () => {
    const toTable = !table.isConnected;
    if (toTable && table.childElementCount === 0) drawAsTable(look, panel, data, table);
    fill(body, ...(toTable ? [table] : chart));
    label(toTable ? 'Show as chart' : 'Show as table', toTable ? icons.chart : icons.table);
  });
  label('Show as table', icons.table);
  return button;
}
