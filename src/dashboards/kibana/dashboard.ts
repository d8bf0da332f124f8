import type { SavedObject } from '../saved-object.js';
import type { Dashboard, Dashboards } from '../spec.js';
import { controlsOf } from './controls.js';
import type { Fields } from './fields.js';
import { kibanaFilters } from './filters.js';
import { kuery } from '../kuery.js';
import { savedPanels } from './panels.js';
import { versionsOf } from './versions.js';

const options = { useMargins: true, syncColors: false, syncCursor: true, syncTooltips: false, hidePanelTitles: false };

/** Panels in order of the spec. The dashboard's condition is in the filter bar: it holds for lists and saved searches too. */
export function dashboardObject(dashboard: Dashboard, specs: Dashboards, fields: Fields): SavedObject {
  const panels = dashboard.panels.flatMap((panel) => savedPanels(panel, { dashboard, specs, fields }));
  const controls = controlsOf(dashboard, specs.dataView);
  const filter = kibanaFilters(dashboard.where, (i) => ({ indexRefName: filterReference(i) }));
  return {
    type: 'dashboard',
    id: dashboard.id,
    attributes: {
      title: dashboard.title,
      description: dashboard.description,
      version: 1,
      timeRestore: true,
      timeFrom: `now-${dashboard.last}`,
      timeTo: 'now',
      refreshInterval: { pause: true, value: 60_000 },
      optionsJSON: JSON.stringify(options),
      panelsJSON: JSON.stringify(panels.map(({ entry }) => entry)),
      controlGroupInput: controls.input,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ query: kuery({}), filter }) },
    },
    references: [
      ...filter.map((_, i) => ({ type: 'index-pattern', id: specs.dataView.id, name: filterReference(i) })),
      ...controls.references,
      ...panels.flatMap(({ references }) => references),
    ],
    ...versionsOf('dashboard'),
  };
}

function filterReference(position: number): string {
  return `kibanaSavedObjectMeta.searchSourceJSON.filter[${String(position)}].meta.index`;
}
