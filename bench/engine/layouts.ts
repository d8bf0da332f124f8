import { builders, isBuilt, type BuildInput, type BuiltAsset } from '../../src/install/build.js';
import { defaultLifecycle } from '../../src/install/generate.js';
import { loadManifest } from '../../src/manifest.js';
import { targetFields, type TargetField } from '../../src/map/fields.js';
import type { Capability } from '../../src/target/capability.js';
import type { Ids } from './bodies.js';
import type { Template } from './cluster.js';

/** One way to keep the same events. */
export interface Layout {
  readonly name: string;
  readonly ids: Ids;
  readonly template: Template;
  /** Whether searches are timed in it. */
  readonly searched?: boolean;
  /** Name and body of an ingest pipeline. */
  readonly pipeline?: readonly [name: string, body: object];
}

/** Parts of our templates, from those that `setup` stores in this engine. */
interface Shipped {
  readonly mappings: object;
  readonly index: Readonly<Record<string, unknown>>;
  readonly pipeline?: Layout['pipeline'];
}

const plainKeyword = {
  dynamic_templates: [{ text: { match_mapping_type: 'string', mapping: { type: 'keyword' } } }],
  properties: { '@timestamp': { type: 'date' } },
};

/** From what an engine makes of the events by itself to what we ship, one choice after the other. */
export function layouts(capabilities: ReadonlySet<Capability>): Layout[] {
  const fields = targetFields();
  const indexed = shipped(capabilities, withoutStorage(fields)).mappings;
  const ours = shipped(capabilities, fields);
  const { codec, mapping, sort, merge, mode } = ours.index;
  const ofUs = (name: string, index: object, mappings = ours.mappings): Layout => ({
    ...{ name, ids: 'ours', template: { settings: { index: { mapping, ...index } }, mappings } },
  });
  const last = mode === undefined ? '+ fewer merges' : '+ logsdb';
  const lean = ofUs(mode === undefined && merge === undefined ? '+ sorted' : last, { codec, sort, merge, mode });
  return [
    { name: 'dynamic mapping, ids of the engine', ids: 'none', template: { settings: {} } },
    { name: 'dynamic mapping', ids: 'ours', template: { settings: {} } },
    { name: 'plain keyword', ids: 'ours', template: { settings: {}, mappings: plainKeyword } },
    ofUs('types of our fields', {}, indexed),
    { ...ofUs('+ best_compression', { codec }, indexed), searched: true },
    ofUs('+ index or doc values only', { codec }),
    ...(lean.name === '+ sorted' ? [] : [ofUs('+ sorted', { codec, sort })]),
    { ...lean, searched: true },
    { ...lean, name: 'the same with random ids', ids: 'random' },
    ...(ours.pipeline === undefined ? [] : [{ ...lean, name: '+ ingest pipeline: as shipped', ...withPipeline(ours) }]),
  ];
}

/** The two that searches are timed in: everything indexed in order of time, and ours. */
export function searchLayouts(capabilities: ReadonlySet<Capability>): Layout[] {
  return layouts(capabilities).filter(({ searched }) => searched);
}

function withPipeline({ index, pipeline, mappings }: Shipped): Pick<Layout, 'template' | 'pipeline'> {
  return { template: { settings: { index }, mappings }, ...(pipeline && { pipeline }) };
}

function withoutStorage(fields: readonly TargetField[]): TargetField[] {
  return fields.map((field) => ({ ...field, storage: 'both' }));
}

function shipped(capabilities: ReadonlySet<Capability>, fields: readonly TargetField[]): Shipped {
  const manifest = loadManifest();
  const assets = manifest.assets.filter(isBuilt);
  const hasPipeline = capabilities.has('ingest_pipeline');
  const input: BuildInput = {
    ...{ manifest, lifecycle: defaultLifecycle, fields, capabilities },
    present: new Set(hasPipeline ? ['pipeline'] : []),
    custom: { component_template: false, ingest_pipeline: false },
  };
  const bodyOf = (id: BuiltAsset['id']): { name: string; body: Built } => {
    const asset = assets.find((one) => one.id === id);
    if (asset === undefined) throw new Error(`manifest.json has no ${id}`);
    return { name: asset.name, body: builders[id](asset, input) as Built };
  };
  const { name, body } = bodyOf('pipeline');
  const [mappings, settings] = [bodyOf('mappings').body.template, bodyOf('settings').body.template];
  return {
    mappings: mappings.mappings,
    index: { ...mappings.settings.index, ...settings.settings.index },
    ...(hasPipeline && { pipeline: [name, body] as const }),
  };
}

interface Built {
  readonly template: {
    readonly mappings: object;
    readonly settings: { readonly index: Readonly<Record<string, unknown>> };
  };
}
