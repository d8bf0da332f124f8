import type { SavedObject } from '../saved-object.js';
import type { DataView, SavedSearch } from '../spec.js';
import { kuery } from '../kuery.js';
import { versionsOf } from './versions.js';

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
      columns,
      sort: [[view.timeField, 'desc']],
      grid: {},
      hideChart: false,
      isTextBasedQuery: false,
      timeRestore: false,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(search) },
    },
    references: [{ type: 'index-pattern', id: view.id, name: INDEX }],
    ...versionsOf('search'),
  };
}
