import type { SavedObject } from '../saved-object.js';
import type { DataView, SavedSearch } from '../spec.js';
import { kuery } from '../kuery.js';
import { patternReference } from './visualization.js';

const INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index';

/** For Discover, and as a panel; newest first. */
export function searchObject({ id, title, description, where, columns }: SavedSearch, view: DataView): SavedObject {
  const search = { query: kuery(where), filter: [], highlightAll: true, version: true, indexRefName: INDEX };
  return {
    type: 'search',
    id,
    attributes: {
      title,
      description,
      hits: 0,
      columns,
      sort: [[view.timeField, 'desc']],
      version: 1,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) },
    },
    references: [patternReference(view, INDEX)],
    migrationVersion: { search: '7.9.3' },
  };
}
