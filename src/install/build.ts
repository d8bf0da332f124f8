import type { LifecycleConfig } from '../config.js';
import type { AssetId, ClusterKind, Manifest, ManifestAsset } from '../manifest.js';
import type { TargetField } from '../map/fields.js';
import type { Capability } from '../target/capability.js';
import { indexTemplate } from './index-template.js';
import { ilmPolicy, ismPolicy } from './lifecycle.js';
import { mappingsTemplate } from './mappings.js';
import { pipeline } from './pipeline.js';
import { settingsTemplate } from './settings.js';

/** Everything a builder may look at. */
export interface BuildInput {
  readonly manifest: Manifest;
  readonly lifecycle: LifecycleConfig;
  readonly fields: readonly TargetField[];
  readonly capabilities: ReadonlySet<Capability>;
  /** Assets that are on the cluster once this one is installed: only those may be referred to. */
  readonly present: ReadonlySet<AssetId>;
  /** Which of the user's own assets exist now. */
  readonly custom: { readonly component_template: boolean; readonly ingest_pipeline: boolean };
}

export type Builder = (asset: ManifestAsset, input: BuildInput) => object;

/** How each asset that the cluster stores is made: its request body. */
export const builders = {
  'ilm-policy': ilmPolicy,
  'ism-policy': ismPolicy,
  pipeline,
  mappings: mappingsTemplate,
  settings: settingsTemplate,
  'index-template': indexTemplate,
} as const satisfies Partial<Readonly<Record<AssetId, Builder>>>;

/** An asset that is built here and stored in the cluster under its name. */
export interface BuiltAsset extends ManifestAsset {
  readonly id: keyof typeof builders;
  readonly kind: ClusterKind;
}

export function isBuilt(asset: ManifestAsset): asset is BuiltAsset {
  return asset.id in builders;
}
