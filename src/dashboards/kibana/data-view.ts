import type { TargetField } from '../../map/fields.js';
import { formatsOf } from '../formats.js';
import type { SavedObject } from '../saved-object.js';
import type { ComputedField, Dashboards } from '../spec.js';
import { versionsOf } from './versions.js';

/**
 * The data view; Kibana asks the cluster for its fields, also when there is no event yet (`allowNoIndex`). Its description is
 * for our mark only.
 */
export function dataViewObject(specs: Dashboards, fields: readonly TargetField[]): SavedObject {
  const { id, pattern, name, timeField, computed } = specs.dataView;
  return {
    type: 'index-pattern',
    id,
    attributes: {
      title: pattern,
      name,
      description: '',
      timeFieldName: timeField,
      allowNoIndex: true,
      fields: '[]',
      sourceFilters: '[]',
      typeMeta: '{}',
      fieldAttrs: JSON.stringify(byName(computed, ({ description }) => ({ customDescription: description }))),
      fieldFormatMap: JSON.stringify(formatsOf(specs, fields)),
      runtimeFieldMap: JSON.stringify(byName(computed, runtimeField)),
    },
    references: [],
    ...versionsOf('index-pattern'),
  };
}

/** A field that an index does not know, or a document does not have, would fail the whole search. */
function runtimeField({ script, from }: ComputedField): object {
  const known = from.map((field) => `doc.containsKey('${field}') && doc['${field}'].size() > 0`).join(' && ');
  return { type: 'double', script: { source: `if (${known}) { emit(${script}); }` } };
}

function byName(computed: readonly ComputedField[], make: (field: ComputedField) => object): object {
  return Object.fromEntries(computed.map((field) => [field.name, make(field)]));
}
