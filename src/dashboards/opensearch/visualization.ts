import type { Reference, SavedObject } from '../saved-object.js';
import type { ChartPanel, Dashboard, DataView, TextPanel } from '../spec.js';
import type { Documents, Drawing } from './drawing.js';
import { drawingOf } from './charts.js';
import { kuery } from '../kuery.js';
import { linkedMarkdown } from '../link.js';
import { loneGroup } from './metric.js';

const INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';

/** The id of a panel's object, also of the `controls`. */
export function panelId(dashboard: Dashboard, panel: string): string {
  return `${dashboard.id}-${panel}`;
}

export function chartObject(
  dashboard: Dashboard,
  panel: ChartPanel,
  view: DataView,
  documents: Documents,
): SavedObject {
  const group = panel.chart === 'metric' ? loneGroup(panel) : undefined;
  const search = { query: kuery(panel.where, group?.where), filter: [], indexRefName: INDEX };
  return visualization(dashboard, panel, drawingOf(panel, documents), search, [patternReference(view, INDEX)]);
}

export function textObject(dashboard: Dashboard, panel: TextPanel): SavedObject {
  const params = { fontSize: 12, openLinksInNewTab: false, markdown: linkedMarkdown(panel.text) };
  return visualization(dashboard, panel, { type: 'markdown', aggs: [], params }, noSearch, []);
}

/** Lists of values that documents of the time range have; undefined for a dashboard without any. */
export function controlsObject(dashboard: Dashboard, view: DataView): SavedObject | undefined {
  if (dashboard.controls.length === 0) return undefined;
  const controls = dashboard.controls.map(({ field, title }, i) => ({
    id: `${String(i)}-${field}`,
    fieldName: field,
    parent: '',
    label: title,
    type: 'list',
    options: { type: 'terms', multiselect: true, dynamicOptions: true, size: 100, order: 'desc' },
    indexPatternRefName: controlReference(i),
  }));
  const params = { controls, updateFiltersOnChange: true, useTimeFilter: true, pinFilters: false };
  return visualization(
    dashboard,
    { id: 'controls', title: 'Filters' },
    { type: 'input_control_vis', aggs: [], params },
    noSearch,
    controls.map((_, i) => patternReference(view, controlReference(i))),
  );
}

const noSearch = { query: kuery(), filter: [] };

function visualization(
  dashboard: Dashboard,
  { id, title }: { id: string; title: string },
  { type, aggs, params, uiState = {} }: Drawing,
  search: object,
  references: readonly Reference[],
): SavedObject {
  // In the list of all visualizations nothing else says where it belongs.
  const fullTitle = `${title} [${dashboard.title}]`;
  return {
    type: 'visualization',
    id: panelId(dashboard, id),
    attributes: {
      title: fullTitle,
      description: '',
      version: 1,
      visState: JSON.stringify({ title: fullTitle, type, aggs, params }),
      uiStateJSON: JSON.stringify(uiState),
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) },
    },
    references,
    migrationVersion: { visualization: '7.10.0' },
  };
}

export function patternReference(view: DataView, name: string): Reference {
  return { name, type: 'index-pattern', id: view.id };
}

function controlReference(position: number): string {
  return `control_${String(position)}_index_pattern`;
}
