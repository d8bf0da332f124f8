import type { estypes } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import type { ManifestAsset } from '../manifest.js';
import type { TargetField } from '../map/fields.js';
import type { Capability } from '../target/capability.js';
import type { BuildInput } from './build.js';
import { meta } from './ownership.js';

type Property = estypes.MappingProperty;
type Properties = Record<string, Property>;

/** Longer values are kept in `_source` but not indexed: Lucene refuses terms over 32 KiB, and with them the event. */
const ignoreAbove = 1024;

/** As deep as the engine's own JSON parser goes: with the default of 20 a deeper vendor field costs the event. */
const depthLimit = 1000;

/** Objects whose fields come from our lists only: whatever else is in them is kept but not indexed. */
const closedObjects = new Set(['cloudconnexa']);

/**
 * Events of one user at one destination lie side by side: they say nearly the same, and compress to half of what they take in
 * order of time. Beside the mappings and not with the other settings: an index cannot be made without the fields it is
 * sorted by.
 */
const neighbours: estypes.IndicesIndexSegmentSort = {
  field: ['user.id', 'destination.address', '@timestamp'],
  order: ['asc', 'asc', 'desc'],
};

/** Component template with the type of every field, and the order that is made of them. */
export function mappingsTemplate(asset: ManifestAsset, input: BuildInput): object {
  return {
    template: {
      settings: { index: { sort: neighbours } },
      mappings: mappings(input.fields, input.capabilities),
    },
    version: asset.version,
    _meta: { ...meta(asset), description: asset.description },
  } satisfies Omit<estypes.ClusterPutComponentTemplateRequest, 'name'>;
}

/**
 * Mapping for a list of fields; types that the cluster lacks are replaced as `capabilities` says. Fields that are not in
 * the list get a type when they first come, text as keyword.
 */
export function mappings(
  fields: readonly TargetField[],
  capabilities: ReadonlySet<Capability>,
): estypes.MappingTypeMapping {
  const properties: Properties = {};
  for (const field of fields) place(properties, field.name.split('.'), property(field, capabilities), field.name);
  return {
    dynamic: true,
    dynamic_templates: [
      {
        strings_as_keyword: {
          match_mapping_type: 'string',
          mapping: { type: 'keyword', ignore_above: ignoreAbove },
        },
      },
    ],
    properties,
  };
}

function place(properties: Properties, [first = '', ...rest]: string[], leaf: Property, name: string): void {
  const found = properties[first];
  if (rest.length === 0) {
    if (found !== undefined) throw clash(name);
    properties[first] = leaf;
    return;
  }
  const node = found ?? (closedObjects.has(first) ? { type: 'object', dynamic: false } : {});
  if ('type' in node && node.type !== 'object') throw clash(name);
  const inner = (node as { properties?: Properties }).properties ?? {};
  properties[first] = { ...node, properties: inner };
  place(inner, rest, leaf, name);
}

function clash(name: string): ConnectorError {
  return new ConnectorError('CCX_MAPPING_INVALID', 'A field is listed as a value and as an object', { place: name });
}

function property(field: TargetField, capabilities: ReadonlySet<Capability>): Property {
  switch (field.type) {
    case 'keyword':
      return { type: 'keyword', ignore_above: ignoreAbove, ...storage(field) };
    case 'constant_keyword':
      return constantKeyword(field, capabilities);
    case 'match_only_text':
      return { type: capabilities.has('match_only_text') ? 'match_only_text' : 'text' };
    case 'flattened':
      return flattened(capabilities);
    case 'date':
      // A data stream must not take a document without a valid time, whatever index.mapping.ignore_malformed says.
      return { type: 'date', ...(field.name === '@timestamp' && { ignore_malformed: false }), ...storage(field) };
    case 'ip':
    case 'long':
    case 'boolean':
      return { type: field.type, ...storage(field) };
    case 'geo_point':
    case 'float':
      return { type: field.type };
  }
}

/** What is left out of what the engine makes of a field by default. */
function storage({ storage }: TargetField): { index?: false; doc_values?: false } {
  return { ...(storage === 'doc_values' && { index: false }), ...(storage === 'index' && { doc_values: false }) };
}

/** Only the type of a data stream is the same in all of them; OpenSearch wants every value in the mapping. */
function constantKeyword(field: TargetField, capabilities: ReadonlySet<Capability>): Property {
  if (field.name === 'data_stream.type' && capabilities.has('constant_keyword')) {
    return { type: 'constant_keyword', value: 'logs' };
  }
  if (capabilities.has('constant_keyword_from_data')) return { type: 'constant_keyword' };
  return { type: 'keyword', ignore_above: ignoreAbove, ...storage(field) };
}

function flattened(capabilities: ReadonlySet<Capability>): Property {
  if (capabilities.has('flattened')) return { type: 'flattened', ignore_above: ignoreAbove, depth_limit: depthLimit };
  // The client's types know Elasticsearch only.
  if (capabilities.has('flat_object')) return { type: 'flat_object' } as unknown as Property;
  return { type: 'object', enabled: false };
}
