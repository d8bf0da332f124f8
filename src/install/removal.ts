import type { Client } from '@elastic/elasticsearch';
import type { Manifest, ManifestAsset } from '../manifest.js';
import type { Target } from '../target/capability.js';
import type { Report } from './apply.js';
import { ownVersion } from './ownership.js';
import { assetsFor } from './plan.js';
import { read, remove, spoken } from './store.js';
import { countDocuments, deleteStream, listStreams } from './streams.js';

/** One thing that uninstall looks at. */
export interface Removal {
  readonly what: 'data_stream' | ManifestAsset['kind'];
  readonly name: string;
  readonly action: 'remove' | 'keep' | 'missing';
  /** Number of documents of a data stream, or why it is not known. */
  readonly documents?: number | string;
  /** Why it is kept. */
  readonly reason?: string;
  /** Whether it is ours and stays although its removal was asked for. */
  readonly blocked: boolean;
}

/**
 * What is to be removed, in the order in which it has to be: data streams (with `data` only), then our assets, last
 * installed first. While one of our data streams stays, every asset stays: the engines refuse to remove a template that
 * is in use, and a data stream without its pipeline would refuse every event.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_ASSET_REFUSED
 */
export async function planRemoval(
  client: Client,
  target: Target,
  manifest: Manifest,
  data: boolean,
): Promise<readonly Removal[]> {
  const streams = await planStreams(client, target, data);
  const inUse = streams.filter(({ action }) => action === 'keep').map(({ name }) => name);
  const assets: Removal[] = [];
  for (const asset of assetsFor(manifest, target).toReversed()) assets.push(await planAsset(client, asset, inUse));
  return [...streams, ...assets];
}

async function planStreams(client: Client, target: Target, data: boolean): Promise<Removal[]> {
  const deletable = target.capabilities.has('data_stream_api');
  const streams = await listStreams(client);
  return Promise.all(
    streams.map(async ({ name }): Promise<Removal> => {
      const base = { what: 'data_stream' as const, name, documents: await countDocuments(client, name) };
      if (!data) return { ...base, action: 'keep', blocked: false, reason: 'Data is removed with --data only.' };
      if (deletable) return { ...base, action: 'remove', blocked: false };
      return { ...base, action: 'keep', blocked: true, reason: 'This cluster has no API to delete a data stream.' };
    }),
  );
}

async function planAsset(client: Client, asset: ManifestAsset, inUse: readonly string[]): Promise<Removal> {
  const base = { what: asset.kind, name: asset.name };
  const stored = await read(client, asset.kind, asset.name);
  if (stored.state === 'missing') return { ...base, action: 'missing', blocked: false };
  if (stored.state === 'denied') {
    return { ...base, action: 'keep', blocked: true, reason: `The cluster does not let us read it: ${stored.reason}` };
  }
  if (ownVersion(stored.body) === undefined) {
    return { ...base, action: 'keep', blocked: false, reason: 'It was not installed by cloudconnexa-ecs.' };
  }
  if (inUse.length > 0) return { ...base, action: 'keep', blocked: true, reason: `In use by ${inUse.join(', ')}.` };
  return { ...base, action: 'remove', blocked: false };
}

/**
 * Removes what a plan says.
 * @throws ConnectorError CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED at the first refusal; running it again goes on from there
 */
export async function applyRemoval(client: Client, plan: readonly Removal[], report: Report): Promise<void> {
  for (const { what, name, action } of plan) {
    if (action !== 'remove') continue;
    if (what === 'data_stream') await deleteStream(client, name);
    else await remove(client, what, name);
    report(`Removed ${what === 'data_stream' ? 'data stream' : spoken(what)} ${name}.`);
  }
}
