import type { estypes } from '@elastic/elasticsearch';
import type { AssetId, Manifest, ManifestAsset } from '../manifest.js';
import type { Capability } from '../target/capability.js';
import type { BuildInput } from './build.js';
import { streamLifecycle } from './lifecycle.js';
import { meta } from './ownership.js';

/** Sorted segments (see mappings.ts) are costly to merge; with twice as many at once an event is merged half as often. */
// The client's types know Elasticsearch only.
const fewMerges = { policy: { segments_per_tier: '20', max_merge_at_once: '20' } } as unknown as estypes.IndicesMerge;

/** Component template with the index settings. Values are text because that is how clusters give them back. */
export function settingsTemplate(asset: ManifestAsset, input: BuildInput): object {
  const { manifest, present, capabilities, lifecycle } = input;
  const byStream = !capabilities.has('ilm') && capabilities.has('data_stream_lifecycle');
  return {
    template: {
      settings: {
        index: {
          codec: 'best_compression',
          ...(capabilities.has('logsdb') ? { mode: 'logsdb' } : {}),
          mapping: fieldSettings(capabilities),
          ...(capabilities.has('tiered_merges') ? { merge: fewMerges } : {}),
          // A pipeline that is not there would make the cluster refuse every event.
          ...(present.has('pipeline') ? { default_pipeline: nameOf(manifest, 'pipeline') } : {}),
          ...(present.has('ilm-policy') ? { lifecycle: { name: nameOf(manifest, 'ilm-policy') } } : {}),
        },
      },
      ...(byStream ? { lifecycle: streamLifecycle(lifecycle) } : {}),
    },
    version: asset.version,
    _meta: { ...meta(asset), description: asset.description },
  } satisfies Omit<estypes.ClusterPutComponentTemplateRequest, 'name'>;
}

/** Elasticsearch 9 takes the mode logsdb for `logs-*-*` by itself, with choices of its own that these undo. */
function fieldSettings(capabilities: ReadonlySet<Capability>): estypes.IndicesMappingLimitSettings {
  return {
    ignore_malformed: 'true',
    // Otherwise, where the licence allows it, events are given back as made from their fields: times without microseconds.
    ...(capabilities.has('logsdb') ? { source: { mode: 'stored' } } : {}),
    // Otherwise a time that an index is sorted by loses its own, though it is only the last there: each search reads all times.
    ...(capabilities.has('doc_values_skipper') ? { use_doc_values_skipper: 'false' } : {}),
  };
}

function nameOf(manifest: Manifest, id: AssetId): string {
  return manifest.assets.find((asset) => asset.id === id)?.name ?? '';
}
