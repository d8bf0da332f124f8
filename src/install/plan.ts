import type { Client } from '@elastic/elasticsearch';
import type { LifecycleConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import type { AssetId, Manifest, ManifestAsset } from '../manifest.js';
import type { TargetField } from '../map/fields.js';
import { capabilities as facts, type Capability, type CapabilityFacts, type Target } from '../target/capability.js';
import { builders, type BuildInput } from './build.js';
import { diff, type Difference } from './diff.js';
import { ownVersion } from './ownership.js';
import { read, type Stored } from './store.js';

/** What is to be done about one asset. `foreign`: somebody else's object has the name. */
export type Action = 'create' | 'update' | 'unchanged' | 'left_out' | 'foreign';

export interface PlanItem {
  readonly asset: ManifestAsset;
  readonly action: Action;
  /** Version installed now, when it is ours. */
  readonly installed: number | undefined;
  readonly differences: readonly Difference[];
  /** Why it is left out, or what the cluster makes us do without; full sentences. */
  readonly notes: readonly string[];
  /** Whether it is left out only because a privilege is missing. */
  readonly denied: boolean;
  readonly body: object;
  readonly stored: Stored;
}

export interface PlanInput {
  readonly client: Client;
  readonly target: Target;
  readonly manifest: Manifest;
  readonly lifecycle: LifecycleConfig;
  readonly fields: readonly TargetField[];
  /** Groups to install; empty means all. */
  readonly only: readonly string[];
  /** Replace foreign objects and newer versions. */
  readonly force: boolean;
}

/**
 * Compares what the manifest wants on this cluster with what is stored there. Changes nothing.
 * @throws ConnectorError CCX_USAGE (unknown group), CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED
 */
export async function makePlan(input: PlanInput): Promise<readonly PlanItem[]> {
  checkGroups(input.only, input.manifest);
  const custom = await findCustom(input);
  const present = new Set<AssetId>();
  const items: PlanItem[] = [];
  for (const asset of assetsFor(input.manifest, input.target)) {
    const stored = await read(input.client, asset.kind, asset.name);
    const built = builders[asset.id](asset, { ...input, capabilities: input.target.capabilities, present, custom });
    const item = planItem(asset, stored, built, input);
    if (item.action === 'left_out' ? stored.state === 'found' : true) present.add(asset.id);
    items.push(item);
  }
  return items;
}

/** The assets for an engine, in install order. */
export function assetsFor(manifest: Manifest, target: Pick<Target, 'engine'>): readonly ManifestAsset[] {
  return manifest.assets.filter((asset) => asset.targets.includes(target.engine));
}

function checkGroups(only: readonly string[], manifest: Manifest): void {
  const known = new Set<string>(manifest.assets.map((asset) => asset.group));
  const unknown = only.filter((group) => !known.has(group));
  if (unknown.length === 0) return;
  throw new ConnectorError('CCX_USAGE', `Unknown kind of asset: ${unknown.join(', ')}`, {
    place: '--only',
    remedy: `Use ${[...known].join(', ')}, several with commas between them.`,
  });
}

async function findCustom({ client, manifest, target }: PlanInput): Promise<BuildInput['custom']> {
  const exists = async (capability: Capability, kind: 'component_template' | 'ingest_pipeline'): Promise<boolean> => {
    // Where the cluster itself skips what is missing, nobody needs to look.
    if (target.capabilities.has(capability)) return false;
    return (await read(client, kind, manifest.custom[kind])).state === 'found';
  };
  return {
    component_template: await exists('ignore_missing_component_templates', 'component_template'),
    ingest_pipeline: await exists('ingest_ignore_missing_pipeline', 'ingest_pipeline'),
  };
}

function planItem(asset: ManifestAsset, stored: Stored, body: object, input: PlanInput): PlanItem {
  const installed = stored.state === 'found' ? ownVersion(stored.body) : undefined;
  const differences = stored.state === 'found' ? diff(asset.kind, stored.body, body) : [];
  const obstacle = findObstacle(asset, stored, installed, input);
  const base = { asset, installed, body, stored };
  if (obstacle !== undefined) {
    return { ...base, action: 'left_out', differences: [], notes: [obstacle.why], denied: obstacle.denied };
  }
  const foreign = stored.state === 'found' && installed === undefined && !input.force;
  const action = foreign ? 'foreign' : actionFor(stored, differences);
  return { ...base, action, differences, notes: workarounds(asset, input), denied: false };
}

function actionFor(stored: Stored, differences: readonly Difference[]): Action {
  if (stored.state !== 'found') return 'create';
  return differences.length === 0 ? 'unchanged' : 'update';
}

interface Obstacle {
  readonly why: string;
  readonly denied: boolean;
}

function findObstacle(
  asset: ManifestAsset,
  stored: Stored,
  installed: number | undefined,
  { only, target, force }: PlanInput,
): Obstacle | undefined {
  if (only.length > 0 && !only.includes(asset.group)) return { why: 'Not asked for (--only).', denied: false };
  if (stored.state === 'denied') return { why: `The cluster does not let us read it: ${stored.reason}.`, denied: true };
  const lacking = asset.needs.find((need) => !target.capabilities.has(need));
  if (lacking !== undefined) return lack(lacking, target);
  // Built without something that may well be there it would lose what an earlier setup has installed.
  const unseen = asset.uses.find((use) => target.findings.get(use)?.state === 'unknown');
  if (unseen !== undefined && installed !== undefined) return lack(unseen, target);
  if (installed !== undefined && installed > asset.version && !force) {
    const why = `The installed version ${installed} is newer than version ${asset.version} of this release; --force replaces it.`;
    return { why, denied: false };
  }
  return undefined;
}

function lack(capability: Capability, target: Target): Obstacle {
  const { what, without } = facts[capability];
  const finding = target.findings.get(capability);
  const denied = finding?.state === 'unknown';
  const where = denied ? 'It is not known whether the cluster has' : 'The cluster does not have';
  const detail = finding === undefined || finding.detail === '' ? '' : ` (${finding.detail})`;
  return { why: `${where} ${what}${detail}. ${denied ? 'Nothing is changed.' : without}`, denied };
}

/** What the asset does differently because this cluster lacks something. */
function workarounds(asset: ManifestAsset, { target, manifest }: PlanInput): string[] {
  // What an asset of its own needs is told there.
  const told = new Set(manifest.assets.flatMap(({ needs }) => needs));
  return asset.uses
    .filter((use) => !told.has(use) && !target.capabilities.has(use) && isMissed(use, target))
    .map((use) => {
      const unknown = target.findings.get(use)?.state === 'unknown';
      const reason = unknown ? ` (${target.findings.get(use)?.detail})` : '';
      return `Without ${facts[use].what}${reason}: ${facts[use].without}`;
    });
}

/** Nobody misses what only the other engine has, or the second choice where the first is there. */
function isMissed(use: Capability, { engine, capabilities }: Target): boolean {
  const { engine: home, instead } = facts[use] as CapabilityFacts;
  return (home === undefined || home === engine) && !(instead !== undefined && capabilities.has(instead));
}
