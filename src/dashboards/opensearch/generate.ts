import type { GeneratedFile } from '../../install/generate.js';
import { targetFields } from '../../map/fields.js';
import { loadDashboards } from '../load.js';
import { toNdjson } from '../saved-object.js';
import { openSearchDashboards } from './build.js';

/** The file to import: one object a line. */
export function generateOpenSearchDashboards(): readonly GeneratedFile[] {
  const objects = openSearchDashboards(loadDashboards(), targetFields());
  return [{ path: 'dashboards/generated/opensearch-dashboards.ndjson', content: toNdjson(objects) }];
}
