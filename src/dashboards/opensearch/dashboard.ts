import type { Reference, SavedObject } from '../saved-object.js';
import type { Dashboard, DataView, Panel } from '../spec.js';
import { filtersOf } from '../filters.js';
import { kuery } from '../kuery.js';
import { panelId, patternReference } from './visualization.js';

/** Rows at the top for the controls, which have no place in the spec. */
const CONTROL_ROWS = 4;

/** Format of the panels; newer servers take it as it is. */
const PANEL_VERSION = '7.9.3';

interface PlacedPanel {
  readonly id: string;
  /** Of the object that it shows. */
  readonly shows: { readonly type: string; readonly id: string };
  readonly title: string;
  readonly at: Panel['at'];
  readonly config: object;
}

/** Panels in order of the spec, the controls above them. The dashboard's condition is shown in the filter bar. */
export function dashboardObject(dashboard: Dashboard, view: DataView): SavedObject {
  const placed = placedPanels(dashboard);
  const filter = filtersOf(dashboard.where, (i) => ({ indexRefName: filterReference(i) }));
  const search = { query: kuery(), filter, highlightAll: true, version: true };
  return {
    type: 'dashboard',
    id: dashboard.id,
    attributes: {
      title: dashboard.title,
      description: dashboard.description,
      hits: 0,
      version: 1,
      timeRestore: true,
      timeFrom: `now-${dashboard.last}`,
      timeTo: 'now',
      refreshInterval: { pause: true, value: 0 },
      optionsJSON: JSON.stringify({ hidePanelTitles: false, useMargins: true }),
      panelsJSON: JSON.stringify(placed.map(panelEntry)),
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) },
    },
    references: [
      ...filter.map((_, i) => patternReference(view, filterReference(i))),
      ...placed.map(({ shows }, i): Reference => ({ name: panelReference(i), ...shows })),
    ],
    migrationVersion: { dashboard: '7.9.3' },
  };
}

function placedPanels(dashboard: Dashboard): PlacedPanel[] {
  const rows = dashboard.controls.length > 0 ? CONTROL_ROWS : 0;
  const panels = dashboard.panels.map((panel) => placedPanel(dashboard, panel, rows));
  return rows === 0 ? panels : [controls(dashboard), ...panels];
}

function controls(dashboard: Dashboard): PlacedPanel {
  return {
    id: 'controls',
    shows: { type: 'visualization', id: panelId(dashboard, 'controls') },
    title: '',
    at: [0, 0, 48, CONTROL_ROWS],
    config: { hidePanelTitles: true },
  };
}

function placedPanel(dashboard: Dashboard, panel: Panel, rows: number): PlacedPanel {
  const [x, y, width, height] = panel.at;
  const shows =
    panel.chart === 'events'
      ? { type: 'search', id: panel.search }
      : { type: 'visualization', id: panelId(dashboard, panel.id) };
  return { id: panel.id, shows, title: panel.title, at: [x, y + rows, width, height], config: {} };
}

/** The panel's title, not that of what it shows, which names the dashboard too. */
function panelEntry({ id, title, at: [x, y, w, h], config }: PlacedPanel, position: number): object {
  return {
    version: PANEL_VERSION,
    gridData: { x, y, w, h, i: id },
    panelIndex: id,
    title,
    embeddableConfig: config,
    panelRefName: panelReference(position),
  };
}

function panelReference(position: number): string {
  return `panel_${String(position)}`;
}

function filterReference(position: number): string {
  return `kibanaSavedObjectMeta.searchSourceJSON.filter[${String(position)}].meta.index`;
}
