import type { FieldType, TargetField } from '../../map/fields.js';
import type { SavedObject } from '../saved-object.js';
import type { ComputedField, Dashboards } from '../spec.js';
import { formatsOf } from '../formats.js';

/** A field as an index pattern has it. */
export interface PatternField {
  readonly count: number;
  readonly name: string;
  readonly type: string;
  readonly esTypes?: readonly string[];
  readonly scripted: boolean;
  readonly script?: string;
  readonly lang?: 'painless';
  readonly searchable: boolean;
  readonly aggregatable: boolean;
  readonly readFromDocValues: boolean;
}

/** With all fields that a document can have, so that it is whole before the first event has come. */
export function indexPattern(specs: Dashboards, fields: readonly TargetField[]): SavedObject {
  const { dataView } = specs;
  return {
    type: 'index-pattern',
    id: dataView.id,
    attributes: {
      title: dataView.pattern,
      displayName: dataView.name,
      description: '',
      timeFieldName: dataView.timeField,
      fields: JSON.stringify(patternFields(specs, fields)),
      fieldFormatMap: JSON.stringify(formatsOf(specs, fields)),
    },
    references: [],
    migrationVersion: { 'index-pattern': '7.6.0' },
  };
}

function patternFields({ dataView }: Dashboards, fields: readonly TargetField[]): PatternField[] {
  return [...metaFields, ...fields.map(ownField), ...dataView.computed.map(scriptedField)];
}

const base = { count: 0, scripted: false } as const;

/** What every document has beside its fields; `_score` only where a search gives one. */
const metaFields: readonly PatternField[] = [
  {
    ...base,
    name: '_id',
    type: 'string',
    esTypes: ['_id'],
    searchable: true,
    aggregatable: true,
    readFromDocValues: false,
  },
  {
    ...base,
    name: '_index',
    type: 'string',
    esTypes: ['_index'],
    searchable: true,
    aggregatable: true,
    readFromDocValues: false,
  },
  { ...base, name: '_score', type: 'number', searchable: false, aggregatable: false, readFromDocValues: false },
  {
    ...base,
    name: '_source',
    type: '_source',
    esTypes: ['_source'],
    searchable: false,
    aggregatable: false,
    readFromDocValues: false,
  },
  { ...base, name: '_type', type: 'string', searchable: false, aggregatable: false, readFromDocValues: false },
];

/** The type in OpenSearch Dashboards and that in OpenSearch. */
const types: Readonly<Record<FieldType, readonly [string, string]>> = {
  keyword: ['string', 'keyword'],
  constant_keyword: ['string', 'keyword'],
  match_only_text: ['string', 'match_only_text'],
  flattened: ['unknown', 'flat_object'],
  ip: ['ip', 'ip'],
  long: ['number', 'long'],
  float: ['number', 'float'],
  boolean: ['boolean', 'boolean'],
  date: ['date', 'date'],
  geo_point: ['geo_point', 'geo_point'],
};

function ownField({ name, type, storage }: TargetField): PatternField {
  const [shown, stored] = types[type];
  const aggregatable = type !== 'match_only_text' && type !== 'flattened' && storage !== 'index';
  return {
    ...base,
    name,
    type: shown,
    esTypes: [stored],
    searchable: true,
    aggregatable,
    readFromDocValues: aggregatable,
  };
}

/** Documents without one of the fields it is made from have no value; asking for theirs would fail the whole search. */
function scriptedField({ name, script, from }: ComputedField): PatternField {
  const missing = from.map((field) => `doc['${field}'].size() == 0`).join(' || ');
  return {
    ...base,
    name,
    type: 'number',
    scripted: true,
    script: `if (${missing}) { return null; } return ${script};`,
    lang: 'painless',
    searchable: true,
    aggregatable: true,
    readFromDocValues: false,
  };
}
