import type { TargetField } from '../../map/fields.js';
import type { SavedObject } from '../saved-object.js';
import type { Dashboard, Dashboards, DataView, Panel } from '../spec.js';
import { dashboardObject } from './dashboard.js';
import type { Documents } from './drawing.js';
import { indexPattern } from './index-pattern.js';
import { owned } from './ownership.js';
import { searchObject } from './search.js';
import { chartObject, controlsObject, textObject } from './visualization.js';

/**
 * The saved objects of OpenSearch Dashboards, in the newest versions of the classic format that all its releases take: the
 * index pattern, the searches, and for each dashboard its controls and panels before itself. Every reference is to one of
 * them. Ids are stable: those of the specs, panels `<dashboard>-<panel>`.
 */
export function openSearchDashboards(specs: Dashboards, fields: readonly TargetField[]): SavedObject[] {
  const { dataView, searches, dashboards } = specs;
  const documents = documentsOf(dataView, fields);
  const objects = [
    indexPattern(specs, fields),
    ...searches.map((search) => searchObject(search, dataView)),
    ...dashboards.flatMap((dashboard) => dashboardObjects(dashboard, dataView, documents)),
  ];
  return objects.map(owned);
}

function dashboardObjects(dashboard: Dashboard, view: DataView, documents: Documents): SavedObject[] {
  const controls = controlsObject(dashboard, view);
  return [
    ...(controls === undefined ? [] : [controls]),
    ...dashboard.panels.flatMap((panel) => panelObjects(dashboard, panel, view, documents)),
    dashboardObject(dashboard, view),
  ];
}

/** A panel of events shows a saved search and needs nothing of its own. */
function panelObjects(dashboard: Dashboard, panel: Panel, view: DataView, documents: Documents): SavedObject[] {
  if (panel.chart === 'events') return [];
  return [panel.chart === 'text' ? textObject(dashboard, panel) : chartObject(dashboard, panel, view, documents)];
}

function documentsOf({ timeField }: DataView, fields: readonly TargetField[]): Documents {
  const dates = new Set(fields.filter(({ type }) => type === 'date').map(({ name }) => name));
  return { timeField, isDate: (field) => dates.has(field) };
}
