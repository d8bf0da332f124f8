import type { RulesConfig } from '../config.js';
import { ownDigest as digestOfKibana } from '../dashboards/kibana/ownership.js';
import { ownDigest as digestOfDashboards } from '../dashboards/opensearch/ownership.js';
import type { AssetId, ManifestAsset } from '../manifest.js';
import { planCluster, type ClusterPlace } from './cluster-plan.js';
import { planClusterRemoval } from './cluster-removal.js';
import type { FrontEndAccess } from './front-end/access.js';
import { savedObjectsStore } from './front-end/saved-objects-store.js';
import { objectPlace } from './object-store.js';
import type { Place } from './plan.js';
import { detectionRuleStore } from './rules/detection-rules.js';
import { monitorStore } from './rules/monitor-store.js';

/** Where the assets of the manifest are stored, in install order: first the cluster, then what shows its data, then what watches it. */
export function installPlaces(cluster: ClusterPlace, frontEnd: FrontEndAccess, rules: RulesConfig): readonly Place[] {
  const others = cluster.manifest.assets.filter(({ targets }) => targets.includes(cluster.target.engine));
  return [
    {
      plan: (request) => planCluster(cluster, request),
      planRemoval: (data) => planClusterRemoval(cluster, data),
    },
    ...others.flatMap((asset) => objectsPlace(asset, cluster, frontEnd, rules)),
  ];
}

function objectsPlace(
  asset: ManifestAsset,
  { client, target }: ClusterPlace,
  frontEnd: FrontEndAccess,
  { enable }: RulesConfig,
): Place[] {
  const stores: Partial<Readonly<Record<AssetId, () => Place>>> = {
    'kibana-dashboards': () => objectPlace(savedObjectsStore(asset, frontEnd, digestOfKibana), target),
    'opensearch-dashboards': () => objectPlace(savedObjectsStore(asset, frontEnd, digestOfDashboards), target),
    'kibana-rules': () => objectPlace(detectionRuleStore(asset, frontEnd, enable), target),
    'opensearch-monitors': () => objectPlace(monitorStore(asset, client, enable), target),
  };
  const place = stores[asset.id];
  return place === undefined ? [] : [place()];
}
