import type { estypes } from '@elastic/elasticsearch';
import type { LifecycleConfig } from '../config.js';
import type { ManifestAsset } from '../manifest.js';
import type { BuildInput } from './build.js';
import { markedDescription, meta } from './ownership.js';

/** Backing indices of all our data streams; a pattern of names of data streams, as ISM wants them. */
export const streamPattern = 'logs-cloudconnexa.*-*';

/** ILM policy: age counts from the rollover. Defaults are spelled out because the cluster stores them. */
export function ilmPolicy(asset: ManifestAsset, { lifecycle }: BuildInput): object {
  return {
    policy: {
      _meta: meta(asset),
      phases: {
        hot: {
          min_age: '0ms',
          actions: {
            rollover: {
              max_primary_shard_size: size(lifecycle),
              max_age: `${lifecycle.rollover_age_days}d`,
            },
          },
        },
        delete: {
          min_age: `${lifecycle.delete_after_days}d`,
          actions: { delete: { delete_searchable_snapshot: true } },
        },
      },
    } satisfies estypes.IlmPolicy,
  };
}

/**
 * ISM policy with the same meaning: `min_size` counts all primaries, of which there is one by default; early 2.x know no other.
 * Shape: OpenSearch documentation, "Index State Management", pages Policies and ISM API.
 */
export function ismPolicy(asset: ManifestAsset, { lifecycle }: BuildInput): object {
  return {
    policy: {
      description: markedDescription(asset),
      default_state: 'hot',
      states: [
        {
          name: 'hot',
          actions: [
            {
              rollover: {
                min_size: size(lifecycle),
                min_index_age: `${lifecycle.rollover_age_days}d`,
              },
            },
          ],
          transitions: [{ state_name: 'delete', conditions: { min_rollover_age: `${lifecycle.delete_after_days}d` } }],
        },
        { name: 'delete', actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: [streamPattern], priority: 500 }],
    },
  };
}

/** Retention in the template, for clusters that manage lifecycles only by data stream (serverless). */
export function streamLifecycle(lifecycle: LifecycleConfig): { enabled: true; data_retention: string } {
  return { enabled: true, data_retention: `${lifecycle.delete_after_days}d` };
}

/** Whole gigabytes as people write them; engines refuse fractions, so anything else is in bytes. */
function size({ rollover_size_gb: gb }: LifecycleConfig): string {
  return Number.isInteger(gb) ? `${gb}gb` : `${Math.round(gb * 2 ** 30)}b`;
}
