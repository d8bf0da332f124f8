import type { TargetField } from '../../map/fields.js';
import type { SavedObject } from '../saved-object.js';
import type { Dashboards } from '../spec.js';
import { dashboardObject } from './dashboard.js';
import { dataViewObject } from './data-view.js';
import { Fields } from './fields.js';
import { owned } from './ownership.js';
import { searchObject } from './search.js';

/**
 * The saved objects of Kibana 8.19, which 9.x takes too: the data view, the searches, the dashboards with all their charts
 * inside. Every reference is to one of them. Ids are stable: those of the specs. All carry our mark in their description.
 * @throws ConnectorError CCX_DASHBOARD_INVALID when a panel uses a field that is unknown or of a wrong type
 */
export function kibanaObjects(specs: Dashboards, fields: readonly TargetField[]): SavedObject[] {
  const { dataView, searches, dashboards } = specs;
  const known = new Fields(fields, dataView);
  const objects = [
    dataViewObject(specs, fields),
    ...searches.map((search) => searchObject(search, dataView)),
    ...dashboards.map((dashboard) => dashboardObject(dashboard, specs, known)),
  ];
  return objects.map(owned);
}
