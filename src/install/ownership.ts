import type { ManifestAsset } from '../manifest.js';
import { asObject } from '../target/answer.js';

const owner = 'cloudconnexa-ecs';

/** The mark on everything we install, where the API takes `_meta`. */
export function meta(asset: ManifestAsset): { managed_by: string; version: number } {
  return { managed_by: owner, version: asset.version };
}

/** The same mark inside a description, for APIs that refuse `_meta` (pipelines and ISM policies of OpenSearch). */
export function markedDescription(asset: ManifestAsset): string {
  return `${asset.description} [managed_by: ${owner}, version: ${asset.version}]`;
}

/**
 * The version of a stored object of ours, or undefined for somebody else's.
 * @param body As the builders make it and the stores read it; an ILM or ISM policy is inside `policy`.
 */
export function ownVersion(body: unknown): number | undefined {
  const object = asObject(body);
  const inner = 'policy' in object ? asObject(object.policy) : object;
  const { managed_by: managedBy, version } = asObject(inner._meta);
  if (managedBy === owner) return typeof version === 'number' ? version : 0;
  return describedVersion(inner.description);
}

function describedVersion(description: unknown): number | undefined {
  if (typeof description !== 'string') return undefined;
  const mark = /\[managed_by: cloudconnexa-ecs, version: (\d+)\]$/.exec(description);
  return mark === null ? undefined : Number(mark[1]);
}
