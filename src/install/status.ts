import type { ManifestAsset } from '../manifest.js';
import type { Difference } from './diff.js';
import type { Action, PlanItem } from './plan.js';

export type State = 'ok' | 'outdated' | 'newer' | 'missing' | 'foreign' | 'left_out' | 'unknown';

/** One asset on the cluster against the manifest. */
export interface AssetStatus {
  readonly id: ManifestAsset['id'];
  readonly kind: ManifestAsset['kind'];
  readonly name: string;
  readonly state: State;
  readonly installed_version: number | null;
  readonly wanted_version: number;
  /** Where an outdated one differs. */
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
}

const states: Readonly<Record<Action, State>> = {
  create: 'missing',
  update: 'outdated',
  unchanged: 'ok',
  foreign: 'foreign',
  left_out: 'left_out',
};

/** What a plan says about the present. */
export function statusOf({ asset, action, installed, differences, notes, denied }: PlanItem): AssetStatus {
  return {
    id: asset.id,
    kind: asset.kind,
    name: asset.name,
    state: stateOf(action, denied, installed, asset.version),
    installed_version: installed ?? null,
    wanted_version: asset.version,
    differences,
    notes,
  };
}

function stateOf(action: Action, denied: boolean, installed: number | undefined, wanted: number): State {
  if (denied) return 'unknown';
  if (action === 'left_out' && installed !== undefined && installed > wanted) return 'newer';
  return states[action];
}

/** Whether everything that this cluster can have is as the manifest wants it. */
export function isHealthy(assets: readonly AssetStatus[]): boolean {
  return assets.every(({ state }) => state === 'ok' || state === 'left_out');
}
