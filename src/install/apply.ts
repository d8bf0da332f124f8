import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import type { PlanItem } from './plan.js';
import { rollOut } from './rollout.js';
import { spoken, write } from './store.js';

/** Told after each step, one sentence. */
export type Report = (line: string) => void;

/**
 * Stores what a plan creates or updates, in its order; the first failure ends it, because later assets refer to earlier
 * ones. Running setup again goes on from there. Then brings existing data streams up to date as far as they can be.
 * @throws ConnectorError CCX_ASSET_FOREIGN before anything is changed; CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED
 */
export async function applyPlan(client: Client, plan: readonly PlanItem[], report: Report): Promise<void> {
  checkForeign(plan);
  const changes = plan.filter(({ action }) => action === 'create' || action === 'update');
  for (const { asset, body, stored, action } of changes) {
    await write(client, asset.kind, asset.name, body, stored);
    report(`${action === 'create' ? 'Created' : 'Updated'} ${spoken(asset.kind)} ${asset.name}.`);
  }
  await rollOut(client, changes, report);
}

function checkForeign(plan: readonly PlanItem[]): void {
  const foreign = plan.filter(({ action }) => action === 'foreign');
  if (foreign.length === 0) return;
  const names = foreign.map(({ asset }) => `${spoken(asset.kind)} ${asset.name}`).join(', ');
  throw new ConnectorError('CCX_ASSET_FOREIGN', `Not installed by cloudconnexa-ecs: ${names}. Nothing was changed`);
}
