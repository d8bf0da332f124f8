import type { estypes } from '@elastic/elasticsearch';
import type { ManifestAsset } from '../manifest.js';
import type { BuildInput } from './build.js';
import { streamPattern } from './lifecycle.js';
import { meta } from './ownership.js';

/** Above the engine's own `logs-*-*` (100) and Fleet's templates (200). */
const priority = 500;

/** Index template of our data streams; the user's own component template comes last, so that it wins. */
export function indexTemplate(asset: ManifestAsset, { manifest, capabilities, custom }: BuildInput): object {
  const own = manifest.assets.filter(({ kind }) => kind === 'component_template').map(({ name }) => name);
  const optional = manifest.custom.component_template;
  const lenient = capabilities.has('ignore_missing_component_templates');
  return {
    index_patterns: [streamPattern],
    data_stream: {},
    priority,
    composed_of: lenient || custom.component_template ? [...own, optional] : own,
    ...(lenient ? { ignore_missing_component_templates: [optional] } : {}),
    version: asset.version,
    _meta: { ...meta(asset), description: asset.description },
  } satisfies Omit<estypes.IndicesPutIndexTemplateRequest, 'name'>;
}
