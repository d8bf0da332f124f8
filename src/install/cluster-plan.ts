import type { Client } from '@elastic/elasticsearch';
import type { LifecycleConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import type { AssetId, Manifest, ManifestAsset } from '../manifest.js';
import type { TargetField } from '../map/fields.js';
import { capabilities as facts, type Capability, type CapabilityFacts, type Target } from '../target/capability.js';
import { builders, isBuilt, type BuildInput, type BuiltAsset } from './build.js';
import { diff, type Difference } from './diff.js';
import { lack, newer, notAskedFor, type Obstacle } from './obstacle.js';
import { ownVersion } from './ownership.js';
import type { Action, PlacePlan, PlanItem, PlanRequest, Report } from './plan.js';
import { rollOut, type Change } from './rollout.js';
import { read, spoken, write, type Stored } from './store.js';

/** The cluster, and what its assets are built from. */
export interface ClusterPlace {
  readonly client: Client;
  readonly target: Target;
  readonly manifest: Manifest;
  readonly lifecycle: LifecycleConfig;
  readonly fields: readonly TargetField[];
}

type PlanInput = ClusterPlace & PlanRequest;

/** What is to be done about one asset, and what that needs. */
interface Step {
  readonly item: PlanItem;
  readonly change: Change;
  readonly stored: Stored;
}

/**
 * Compares the templates, pipeline and policies that the manifest wants on this cluster with what is stored there. Changes nothing.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED
 */
export async function planCluster(place: ClusterPlace, request: PlanRequest): Promise<PlacePlan> {
  const input = { ...place, ...request };
  const custom = await findCustom(input);
  const present = new Set<AssetId>();
  const steps: Step[] = [];
  for (const asset of assetsFor(input.manifest, input.target)) {
    const stored = await read(input.client, asset.kind, asset.name);
    const built = builders[asset.id](asset, { ...input, capabilities: input.target.capabilities, present, custom });
    const step = planStep(asset, stored, built, input);
    if (step.item.action === 'left_out' ? stored.state === 'found' : true) present.add(asset.id);
    steps.push(step);
  }
  return { items: steps.map(({ item }) => item), apply: (report) => applySteps(place.client, steps, report) };
}

/** The assets for an engine that are built and stored in the cluster, in install order. */
export function assetsFor(manifest: Manifest, target: Pick<Target, 'engine'>): readonly BuiltAsset[] {
  return manifest.assets.filter(isBuilt).filter((asset) => asset.targets.includes(target.engine));
}

/**
 * Stores what a plan creates or updates, in its order; the first failure ends it, because later assets refer to earlier
 * ones. Running setup again goes on from there. Then brings existing data streams up to date as far as they can be.
 * @throws ConnectorError CCX_ASSET_FOREIGN before anything is changed; CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED
 */
async function applySteps(client: Client, steps: readonly Step[], report: Report): Promise<void> {
  checkForeign(steps);
  const changes = steps.filter(({ item: { action } }) => action === 'create' || action === 'update');
  for (const { change, stored } of changes) {
    const { asset, body, action } = change;
    await write(client, asset.kind, asset.name, body, stored);
    report(`${action === 'create' ? 'Created' : 'Updated'} ${spoken(asset.kind)} ${asset.name}.`);
  }
  await rollOut(
    client,
    changes.map(({ change }) => change),
    report,
  );
}

function checkForeign(steps: readonly Step[]): void {
  const foreign = steps.filter(({ item }) => item.action === 'foreign');
  if (foreign.length === 0) return;
  const names = foreign.map(({ item }) => `${spoken(item.kind)} ${item.name}`).join(', ');
  throw new ConnectorError('CCX_ASSET_FOREIGN', `Not installed by cloudconnexa-ecs: ${names}. Nothing was changed`);
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

function planStep(asset: BuiltAsset, stored: Stored, body: object, input: PlanInput): Step {
  const installed = stored.state === 'found' ? ownVersion(stored.body) : undefined;
  const item = planItem(asset, stored, installed, body, input);
  return { item, stored, change: { asset, body, action: item.action } };
}

function planItem(
  asset: BuiltAsset,
  stored: Stored,
  installed: number | undefined,
  body: object,
  input: PlanInput,
): PlanItem {
  const { id, group, kind, name, version: wanted } = asset;
  const base = { id, group, kind, name, installed, wanted };
  const obstacle = findObstacle(asset, stored, installed, input);
  if (obstacle !== undefined) {
    return { ...base, action: 'left_out', differences: [], notes: [obstacle.why], denied: obstacle.denied };
  }
  const differences = stored.state === 'found' ? diff(asset.kind, stored.body, body) : [];
  const foreign = stored.state === 'found' && installed === undefined && !input.force;
  const action = foreign ? 'foreign' : actionFor(stored, differences);
  return { ...base, action, differences, notes: workarounds(asset, input), denied: false };
}

function actionFor(stored: Stored, differences: readonly Difference[]): Action {
  if (stored.state !== 'found') return 'create';
  return differences.length === 0 ? 'unchanged' : 'update';
}

function findObstacle(
  asset: ManifestAsset,
  stored: Stored,
  installed: number | undefined,
  { only, target, force }: PlanInput,
): Obstacle | undefined {
  if (only.length > 0 && !only.includes(asset.group)) return notAskedFor;
  if (stored.state === 'denied') return { why: `The cluster does not let us read it: ${stored.reason}.`, denied: true };
  const lacking = asset.needs.find((need) => !target.capabilities.has(need));
  if (lacking !== undefined) return lack(lacking, target);
  // Built without something that may well be there it would lose what an earlier setup has installed.
  const unseen = asset.uses.find((use) => target.findings.get(use)?.state === 'unknown');
  if (unseen !== undefined && installed !== undefined) return lack(unseen, target);
  return installed === undefined || force ? undefined : newer(installed, asset.version);
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
