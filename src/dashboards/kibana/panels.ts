import { linkedMarkdown } from '../link.js';
import type { Reference } from '../saved-object.js';
import type { ChartPanel, Dashboard, Dashboards, EventsPanel, Panel, TextPanel } from '../spec.js';
import { drilldownsOf } from './drilldowns.js';
import type { Fields } from './fields.js';
import { kuery } from '../kuery.js';
import { lensAttributes } from './lens/lens.js';
import { panelsByGroup } from './lens/metric.js';

/** An entry of `panelsJSON`, and the references that the dashboard has for it. */
export interface SavedPanel {
  readonly entry: object;
  readonly references: readonly Reference[];
}

interface Context {
  readonly dashboard: Dashboard;
  readonly specs: Dashboards;
  readonly fields: Fields;
}

export function savedPanels(panel: Panel, context: Context): SavedPanel[] {
  switch (panel.chart) {
    case 'text':
      return [textPanel(panel)];
    case 'events':
      return [eventsPanel(panel)];
    case 'metric':
      return panelsByGroup(panel).map((part) => lensPanel(part, context));
    case 'series':
    case 'bars':
    case 'share':
    case 'table':
    case 'heatmap':
      return [lensPanel(panel, context)];
  }
}

function lensPanel(panel: ChartPanel, { dashboard, specs, fields }: Context): SavedPanel {
  const attributes = lensAttributes(panel, specs.dataView, fields);
  const { enhancements, references } = drilldownsOf(panel, dashboard, specs);
  return savedPanel('lens', panel, { attributes, enhancements }, [...attributes.references, ...references]);
}

/** A visualization without a saved object of its own, as all panels are. */
function textPanel(panel: TextPanel): SavedPanel {
  const savedVis = {
    type: 'markdown',
    title: '',
    description: '',
    params: { fontSize: 12, openLinksInNewTab: false, markdown: linkedMarkdown(panel.text) },
    uiState: {},
    data: { aggs: [], searchSource: { query: kuery({}), filter: [] } },
  };
  return savedPanel('visualization', panel, { savedVis, enhancements: {} }, []);
}

/** But for saved searches, which are of use in Discover too. */
function eventsPanel(panel: EventsPanel): SavedPanel {
  const name = `panel_${panel.id}`;
  const { entry, references } = savedPanel('search', panel, { enhancements: {} }, [
    { type: 'search', id: panel.search, name },
  ]);
  return { entry: { ...entry, panelRefName: name }, references };
}

/** References of a panel have its id in front; inside the panel they go without. */
function savedPanel(type: string, panel: Panel, config: object, references: readonly Reference[]): SavedPanel {
  const { id, title, at } = panel;
  const [x, y, w, h] = at;
  return {
    entry: {
      type,
      panelIndex: id,
      gridData: { x, y, w, h, i: id },
      embeddableConfig: { title, hidePanelTitles: false, ...config },
    },
    references: references.map((reference) => ({ ...reference, name: `${id}:${reference.name}` })),
  };
}
