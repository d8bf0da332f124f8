import type { ErrorObject } from 'ajv';
import { ConnectorError } from './errors.js';
import { manifestSchema } from './install/manifest-schema.js';
import { packageJson } from './package-root.js';
import { compileCheck, type Check } from './prepared.js';
import type { Capability, Engine } from './target/capability.js';

export type AssetId =
  | ('ilm-policy' | 'ism-policy' | 'pipeline' | 'mappings' | 'settings' | 'index-template')
  | ('kibana-dashboards' | 'opensearch-dashboards' | 'kibana-rules' | 'opensearch-monitors');
export type AssetGroup = 'lifecycle' | 'pipeline' | 'templates' | 'dashboards' | 'rules';
/** Stored in the cluster under its own name, one object an asset. */
export type ClusterKind = 'ilm_policy' | 'ism_policy' | 'ingest_pipeline' | 'component_template' | 'index_template';
/** Many objects an asset, each with a mark of its own content. */
export type ObjectsKind = 'saved_objects' | 'detection_rules' | 'monitors';
export type AssetKind = ClusterKind | ObjectsKind;

/** One object that `setup` installs, or many of one kind. */
export interface ManifestAsset {
  /** Which builder makes it, or which store takes it. */
  readonly id: AssetId;
  /** What `--only` calls it. */
  readonly group: AssetGroup;
  /** Which API stores it. */
  readonly kind: AssetKind;
  /** Its name in the cluster; of many, the file or folder of the package that has them. */
  readonly name: string;
  /** Raised with every change of what the builder makes; of many, with every change of what they are. */
  readonly version: number;
  readonly description: string;
  readonly targets: readonly Engine[];
  /** Without one of these it is left out. */
  readonly needs: readonly Capability[];
  /** Without these it is made differently. */
  readonly uses: readonly Capability[];
}

/** A data stream per namespace; `events` are vendor event names, `*` all others. */
export interface ManifestDataStream {
  readonly dataset: string;
  readonly pattern: string;
  readonly events: readonly string[];
}

/** Privileges in the engine's own words: a role can be made of it. */
export interface Access {
  readonly cluster: readonly string[];
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
  /** Of Kibana's features, in the space. */
  readonly kibana?: Readonly<Record<string, readonly string[]>>;
  /** Of OpenSearch Dashboards, in the tenant. */
  readonly tenant?: readonly string[];
}

/** What a user, key or role may be made for. */
export type Job = 'setup' | 'dashboards' | 'rules' | 'ship' | 'ship_check' | 'status' | 'data';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Version range per engine, `>=8 <10`. */
  readonly engines: Readonly<Record<Engine, string>>;
  readonly data_streams: readonly ManifestDataStream[];
  /** The user's own assets: called where they exist, never touched. */
  readonly custom: { readonly component_template: string; readonly ingest_pipeline: string };
  /** In install order, for all engines together. */
  readonly assets: readonly ManifestAsset[];
  /**
   * What each job needs: `setup` the assets in the cluster, `dashboards` and `rules` those assets in addition, and to remove them;
   * `ship_check` lets shipping ask for ids before it sends them again; `data` deletes data.
   */
  readonly privileges: Readonly<Record<Engine, Readonly<Record<Job, Access>>>>;
}

/** How a manifest is checked. */
export const manifestCheck: Check = {
  schema: manifestSchema,
  options: { allErrors: true, strict: true, strictTypes: false },
};

const validate = compileCheck<Manifest>(manifestCheck);

let loaded: Manifest | undefined;

/**
 * manifest.json of this package, checked.
 * @throws ConnectorError CCX_MANIFEST_INVALID that lists all faults.
 */
export function loadManifest(): Manifest {
  loaded ??= parseManifest(packageJson('manifest.json'));
  return loaded;
}

/**
 * Checks a manifest.
 * @throws ConnectorError CCX_MANIFEST_INVALID that lists all faults, one a line, each with its path.
 */
export function parseManifest(value: unknown): Manifest {
  if (!validate(value)) throw invalid((validate.errors ?? []).map(fault));
  const doubles = duplicates(value);
  if (doubles.length > 0) throw invalid(doubles);
  return value;
}

function invalid(faults: readonly string[]): ConnectorError {
  return new ConnectorError('CCX_MANIFEST_INVALID', ['The manifest has faults:', ...faults].join('\n  '), {
    place: 'manifest.json',
  });
}

function fault({ instancePath, message, keyword, params }: ErrorObject): string {
  const values = (params as { allowedValues?: unknown[] }).allowedValues;
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  const detail = keyword === 'enum' && values ? `: ${values.join(', ')}` : extra === undefined ? '' : `: ${extra}`;
  return `${instancePath || '/'} ${message ?? 'is wrong'}${detail}`;
}

/** What JSON Schema can't say: an id, a dataset and an event may be named once only. */
function duplicates(manifest: Manifest): string[] {
  const streams = manifest.data_streams;
  return [
    ...repeated(manifest.assets.map((asset, i) => [`/assets/${i}/id`, asset.id])),
    ...repeated(streams.map((stream, i) => [`/data_streams/${i}/dataset`, stream.dataset])),
    ...repeated(
      streams.flatMap((stream, i) => stream.events.map((event, j) => [`/data_streams/${i}/events/${j}`, event])),
    ),
  ];
}

function repeated(places: readonly (readonly string[])[]): string[] {
  const seen = new Set<string>();
  return places.flatMap(([place = '', value = '']) => {
    const again = seen.has(value);
    seen.add(value);
    return again ? [`${place} names ${value} a second time`] : [];
  });
}
