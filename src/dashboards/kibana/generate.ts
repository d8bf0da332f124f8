import type { GeneratedFile } from '../../install/generate.js';
import { targetFields } from '../../map/fields.js';
import { loadDashboards } from '../load.js';
import { toNdjson } from '../saved-object.js';
import { kibanaObjects } from './build.js';

/** The file to import: one object a line. */
export function generateKibana(): readonly GeneratedFile[] {
  const objects = kibanaObjects(loadDashboards(), targetFields());
  return [{ path: 'dashboards/generated/kibana.ndjson', content: toNdjson(objects) }];
}
