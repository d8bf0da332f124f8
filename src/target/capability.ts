/** The engines the connector works with. */
export const engines = ['elasticsearch', 'opensearch'] as const;
export type Engine = (typeof engines)[number];

export interface CapabilityFacts {
  /** What it is, as a noun phrase. */
  readonly what: string;
  /** The only engine that can have it; either when left out. */
  readonly engine?: Engine;
  /** With this capability nobody misses it. */
  readonly instead?: 'ilm' | 'flat_object' | 'flattened';
  /** What happens where it is missing, a full sentence. */
  readonly without: string;
}

/**
 * Everything in which Elasticsearch, OpenSearch, their versions and their builds differ and that matters here. Code asks
 * for one of these and never for the engine's name.
 */
export const capabilities = {
  data_stream: {
    what: 'data streams',
    without: 'No index template can be installed, so events cannot be stored.',
  },
  data_stream_api: {
    what: 'the data stream API',
    without: 'Data streams are created by writing but cannot be deleted.',
  },
  constant_keyword: {
    what: 'the field type constant_keyword',
    without: 'data_stream.* are keyword fields.',
  },
  constant_keyword_from_data: {
    what: 'constant_keyword fields that take their value from the first document',
    without: 'data_stream.dataset and data_stream.namespace are keyword fields.',
  },
  match_only_text: {
    what: 'the field type match_only_text',
    without: 'message and error.message are text fields.',
  },
  flattened: {
    what: 'the field type flattened',
    instead: 'flat_object',
    without: 'Unknown vendor fields are kept in flat_object where that exists, otherwise not searchable.',
  },
  flat_object: {
    what: 'the field type flat_object',
    instead: 'flattened',
    without: 'Unknown vendor fields are kept but not searchable.',
  },
  ignore_missing_component_templates: {
    what: 'index templates that name optional component templates',
    without: "The user's own component template is used when it exists at setup: run setup again after adding it.",
  },
  ingest_pipeline: {
    what: 'ingest pipelines with the set and append processors',
    without: 'No pipeline is installed; the connector sets event.ingested when it sends.',
  },
  ingest_geo: {
    what: 'the geoip processor with a city database',
    without: 'source.geo and destination.geo are left out.',
  },
  ingest_as: {
    what: 'the geoip processor with an AS database, and the rename processor',
    without: 'source.as and destination.as are left out.',
  },
  ingest_conditions: {
    what: 'conditions of ingest processors (painless)',
    without: 'Private addresses are looked up in the databases too, in vain.',
  },
  ingest_custom: {
    what: 'the pipeline processor',
    without: "The user's own pipeline is not called.",
  },
  ingest_ignore_missing_pipeline: {
    what: 'calls of optional pipelines',
    without: "The user's own pipeline is called when it exists at setup: run setup again after adding it.",
  },
  pipeline_meta: {
    what: '_meta in ingest pipelines',
    without: "The pipeline's description says that it is ours.",
  },
  ilm: {
    what: 'index lifecycle management (ILM)',
    engine: 'elasticsearch',
    without: 'No ILM policy is installed.',
  },
  ism: {
    what: 'index state management (ISM)',
    engine: 'opensearch',
    without: 'No ISM policy is installed.',
  },
  alerting: {
    what: 'the alerting plugin',
    engine: 'opensearch',
    without: 'No monitors are installed.',
  },
  logsdb: {
    what: 'the index mode logsdb',
    engine: 'elasticsearch',
    without: 'Indices are in the standard mode and take a sixth more room.',
  },
  doc_values_skipper: {
    what: 'a setting for whether the time is searched by its doc values',
    engine: 'elasticsearch',
    without: 'Whether the time has an index is left to the engine.',
  },
  tiered_merges: {
    what: 'settings for how many segments are merged at once',
    engine: 'opensearch',
    without: 'Merging is left to the engine.',
  },
  data_stream_lifecycle: {
    what: 'data stream lifecycles',
    engine: 'elasticsearch',
    instead: 'ilm',
    without: 'Retention is not set in the index template.',
  },
} as const satisfies Record<string, CapabilityFacts>;

export type Capability = keyof typeof capabilities;
export const capabilityNames = Object.keys(capabilities) as Capability[];

/** How a capability was found, or why it is missing. `unknown`: the cluster did not let us find out. */
export interface Finding {
  readonly state: 'present' | 'absent' | 'unknown';
  /** For `absent` what the cluster answered, for `unknown` what to grant; empty for `present`. */
  readonly detail: string;
}

/** One cluster and what it can do. */
export interface Target {
  readonly engine: Engine;
  /** As the cluster says, `8.19.4`; undefined where it does not say. */
  readonly version: string | undefined;
  /** `default`, `serverless`, `opensearch`, …: the build or distribution; undefined where the cluster does not say. */
  readonly flavor: string | undefined;
  /** What is certainly there. */
  readonly capabilities: ReadonlySet<Capability>;
  /** Every capability that was asked for. */
  readonly findings: ReadonlyMap<Capability, Finding>;
}

/** Builds a target from findings: `capabilities` are those that are present. */
export function makeTarget(
  identity: Pick<Target, 'engine' | 'version' | 'flavor'>,
  findings: ReadonlyMap<Capability, Finding>,
): Target {
  const present = [...findings].filter(([, finding]) => finding.state === 'present').map(([name]) => name);
  return { ...identity, findings, capabilities: new Set(present) };
}

/**
 * Whether the connector sets `event.ingested` when it sends. True also where it could not be found out: a pipeline, if
 * there is one, replaces the value by the cluster's own time.
 */
export function sendsIngested(target: Target): boolean {
  return !target.capabilities.has('ingest_pipeline');
}

/** What all versions of an engine, with all of its usual modules and plugins, can do: for files that are made without a cluster. */
export function fullTarget(engine: Engine): Target {
  // Other versions refuse a template with these.
  const newer: readonly Capability[] = ['logsdb', 'doc_values_skipper'];
  const lacking: Readonly<Record<Engine, readonly Capability[]>> = {
    elasticsearch: ['flat_object', 'ism', 'alerting', 'tiered_merges', ...newer],
    opensearch: [
      'constant_keyword_from_data',
      'flattened',
      'ignore_missing_component_templates',
      'ingest_ignore_missing_pipeline',
      'pipeline_meta',
      'ilm',
      ...newer,
      'data_stream_lifecycle',
    ],
  };
  const has = (name: Capability): Finding => ({
    state: lacking[engine].includes(name) ? 'absent' : 'present',
    detail: '',
  });
  return makeTarget(
    { engine, version: undefined, flavor: undefined },
    new Map(capabilityNames.map((name) => [name, has(name)])),
  );
}
