import type { ConnectorError } from '../errors.js';
import type { AssetGroup } from '../manifest.js';
import type { Difference } from './diff.js';
import { isOfFrontEnd } from './front-end/explain.js';
import type { Action, Place, PlanItem, Version } from './plan.js';

export type State = 'ok' | 'outdated' | 'newer' | 'missing' | 'foreign' | 'left_out' | 'unknown';

/** One object that is installed against what this release has. */
export interface AssetStatus {
  readonly id: string;
  readonly group: AssetGroup;
  readonly kind: string;
  readonly name: string;
  readonly state: State;
  readonly installed_version: Version | null;
  readonly wanted_version: Version;
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
export function statusOf(item: PlanItem): AssetStatus {
  const { id, group, kind, name, installed, wanted, differences, notes } = item;
  const installed_version = installed ?? null;
  return { id, group, kind, name, state: stateOf(item), installed_version, wanted_version: wanted, differences, notes };
}

function stateOf({ action, denied, installed, wanted }: PlanItem): State {
  if (denied) return 'unknown';
  const numbers = typeof installed === 'number' && typeof wanted === 'number';
  if (action === 'left_out' && numbers && installed > wanted) return 'newer';
  return states[action];
}

/** All that was found out, and why the rest was not: a front end that is down hides nothing of the cluster. */
export interface Overview {
  readonly assets: readonly AssetStatus[];
  readonly problems: readonly ConnectorError[];
}

/** Looks at every place. @throws ConnectorError of the cluster itself */
export async function overview(places: readonly Place[]): Promise<Overview> {
  const assets: AssetStatus[] = [];
  const problems = new Set<ConnectorError>();
  for (const place of places) {
    try {
      const { items } = await place.plan({ only: [], force: false });
      assets.push(...items.map(statusOf));
    } catch (error) {
      if (!isOfFrontEnd(error)) throw error;
      problems.add(error);
    }
  }
  return { assets, problems: [...problems] };
}

/** Whether everything that this cluster can have is as the manifest wants it. */
export function isHealthy({ assets, problems }: Overview): boolean {
  return problems.length === 0 && assets.every(({ state }) => state === 'ok' || state === 'left_out');
}
