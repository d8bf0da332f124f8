import type { estypes } from '@elastic/elasticsearch';
import type { ManifestAsset } from '../manifest.js';
import type { Capability } from '../target/capability.js';
import type { BuildInput } from './build.js';
import { markedDescription, meta } from './ownership.js';

type Processor = estypes.IngestProcessorContainer;
type Lookup = estypes.IngestGeoIpProcessor;

/**
 * Ingest pipeline. A failing processor ends the pipeline but never loses the event: it is stored with `event.kind:
 * pipeline_error` and the reason in `error.message`.
 */
export function pipeline(asset: ManifestAsset, input: BuildInput): object {
  const { capabilities } = input;
  return {
    ...(capabilities.has('pipeline_meta')
      ? { description: asset.description, _meta: meta(asset) }
      : { description: markedDescription(asset) }),
    version: asset.version,
    processors: [
      ingested,
      ...(capabilities.has('ingest_geo') ? lookups(capabilities, geo) : []),
      ...(capabilities.has('ingest_as') ? [...lookups(capabilities, as), ...asNames] : []),
      ...customPipeline(input),
    ],
    on_failure: onFailure(asset),
  } satisfies estypes.IngestPipeline;
}

const ingested = {
  set: {
    tag: 'set_event_ingested',
    description: 'When the event arrived at the cluster; replaces a value that the connector may have set.',
    field: 'event.ingested',
    value: '{{{_ingest.timestamp}}}',
  },
} satisfies Processor;

interface Place {
  readonly from: string;
  readonly to: 'source' | 'destination';
  /** In painless: when the address can be public. */
  readonly when?: string;
}

/**
 * A tunnel address has no place, so the public address before NAT stands for the source; where there is none, `source.ip`.
 * Private addresses are in no database: nothing is set for them, but looking for them in vain is what costs most.
 */
const places: readonly Place[] = [
  { from: 'source.nat.ip', to: 'source' },
  { from: 'source.ip', to: 'source', when: 'ctx.source?.nat == null' },
  {
    from: 'destination.ip',
    to: 'destination',
    when: "ctx.network?.direction != 'internal' && ctx.network?.direction != 'inbound'",
  },
];

/** A look-up for each place; where the cluster knows conditions, only of what can be public. */
function lookups(capabilities: ReadonlySet<Capability>, lookup: (place: Place) => Lookup): Processor[] {
  const isConditional = capabilities.has('ingest_conditions');
  return places.map((place) => ({
    geoip: {
      ...lookup(place),
      ...(isConditional && place.when !== undefined && { if: place.when }),
      ignore_missing: true,
    },
  }));
}

function geo({ from, to }: Place): Lookup {
  return {
    tag: `geo_${from.replaceAll('.', '_')}`,
    field: from,
    target_field: `${to}.geo`,
    database_file: 'GeoLite2-City.mmdb',
    properties: [
      'continent_name',
      'country_iso_code',
      'country_name',
      'region_iso_code',
      'region_name',
      'city_name',
      'location',
    ],
  };
}

function as({ from, to }: Place): Lookup {
  return {
    tag: `as_${from.replaceAll('.', '_')}`,
    field: from,
    target_field: `${to}.as`,
    database_file: 'GeoLite2-ASN.mmdb',
    properties: ['asn', 'organization_name'],
  };
}

const asNames = (['source', 'destination'] as const).flatMap((side) => [
  rename(`${side}.as.asn`, `${side}.as.number`),
  rename(`${side}.as.organization_name`, `${side}.as.organization.name`),
]);

function rename(from: string, to: string): Processor {
  return {
    rename: { tag: `rename_${from.replaceAll('.', '_')}`, field: from, target_field: to, ignore_missing: true },
  };
}

/** The user's own pipeline comes last, so that it sees the whole document. */
function customPipeline({ capabilities, custom, manifest }: BuildInput): Processor[] {
  const name = manifest.custom.ingest_pipeline;
  if (!capabilities.has('ingest_custom')) return [];
  if (capabilities.has('ingest_ignore_missing_pipeline')) {
    return [{ pipeline: { tag: 'custom', name, ignore_missing_pipeline: true } }];
  }
  // Where a missing pipeline is an error, a call may only be there when the pipeline is.
  return custom.ingest_pipeline ? [{ pipeline: { tag: 'custom', name } }] : [];
}

/** The pipeline's name is spelled out: OpenSearch leaves `_ingest.on_failure_pipeline` empty. */
function onFailure({ name }: ManifestAsset): Processor[] {
  const reason =
    `Pipeline ${name}: processor {{{_ingest.on_failure_processor_type}}} with tag ` +
    '{{{_ingest.on_failure_processor_tag}}} failed: {{{_ingest.on_failure_message}}}';
  return [
    { set: { tag: 'failure_event_kind', field: 'event.kind', value: 'pipeline_error' } },
    { append: { tag: 'failure_error_message', field: 'error.message', value: [reason] } },
  ];
}
