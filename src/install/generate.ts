import type { LifecycleConfig } from '../config.js';
import { settings } from '../config/settings.js';
import { loadManifest, type AssetId, type Manifest } from '../manifest.js';
import { targetFields, type TargetField } from '../map/fields.js';
import { engines, fullTarget, type Engine } from '../target/capability.js';
import { builders } from './build.js';
import { assetsFor } from './cluster-plan.js';

/** A file to write: `path` relative to where the files go, `content` is JSON that ends with a newline. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** The lifecycle by default: that in the files that are checked in. */
export const defaultLifecycle: LifecycleConfig = {
  rollover_size_gb: settings['lifecycle.rollover_size_gb'].default,
  rollover_age_days: settings['lifecycle.rollover_age_days'].default,
  delete_after_days: settings['lifecycle.delete_after_days'].default,
};

/**
 * Every asset that the cluster stores, for an engine with all of its modules, one file each, numbered in install order:
 * `elasticsearch/30-component_template-logs-cloudconnexa@mappings.json`. The body is what the API takes.
 */
export function assetFiles(
  lifecycle: LifecycleConfig,
  manifest: Manifest = loadManifest(),
  fields: readonly TargetField[] = targetFields(),
): GeneratedFile[] {
  return engines.flatMap((engine) => engineFiles(engine, lifecycle, manifest, fields));
}

/** The files under `mappings/generated/`; paths are relative to the package's root. */
export function generateTemplates(): GeneratedFile[] {
  return assetFiles(defaultLifecycle).map(({ path, content }) => ({ path: `mappings/generated/${path}`, content }));
}

function engineFiles(
  engine: Engine,
  lifecycle: LifecycleConfig,
  manifest: Manifest,
  fields: readonly TargetField[],
): GeneratedFile[] {
  const { capabilities } = fullTarget(engine);
  const assets = assetsFor(manifest, { engine });
  const present = new Set<AssetId>(assets.map(({ id }) => id));
  // The user's own assets are optional where the engine has the word for it, else left to the user.
  const custom = { component_template: false, ingest_pipeline: false };
  return assets.map((asset, i) => {
    const body = builders[asset.id](asset, { manifest, lifecycle, fields, capabilities, present, custom });
    const order = String((i + 1) * 10);
    return {
      path: `${engine}/${order}-${asset.kind}-${asset.name}.json`,
      content: `${JSON.stringify(body, null, 2)}\n`,
    };
  });
}
