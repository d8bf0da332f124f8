import type { Client } from '@elastic/elasticsearch';
import type { Target } from '../target/capability.js';
import { assetsFor, type ClusterPlace } from './cluster-plan.js';
import type { BuiltAsset } from './build.js';
import { ownVersion } from './ownership.js';
import type { Removal } from './plan.js';
import { read, remove } from './store.js';
import { countDocuments, deleteStream, listStreams } from './streams.js';

/**
 * What is to be removed, in the order in which it has to be: data streams (with `data` only), then our assets, last
 * installed first. While one of our data streams stays, every asset stays: the engines refuse to remove a template that
 * is in use, and a data stream without its pipeline would refuse every event.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_ASSET_REFUSED
 */
export async function planClusterRemoval(
  { client, target, manifest }: ClusterPlace,
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
      if (deletable) return { ...base, action: 'remove', blocked: false, remove: () => deleteStream(client, name) };
      return { ...base, action: 'keep', blocked: true, reason: 'This cluster has no API to delete a data stream.' };
    }),
  );
}

async function planAsset(client: Client, asset: BuiltAsset, inUse: readonly string[]): Promise<Removal> {
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
  return { ...base, action: 'remove', blocked: false, remove: () => remove(client, asset.kind, asset.name) };
}
