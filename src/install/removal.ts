import type { Place, Removal, Report } from './plan.js';
import { spoken } from './store.js';

/** What is to be removed, last installed first. Changes nothing. @throws ConnectorError as the places do */
export async function planRemoval(places: readonly Place[], data: boolean): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  for (const place of places.toReversed()) removals.push(...(await place.planRemoval(data)));
  return removals;
}

/**
 * Removes what a plan says.
 * @throws ConnectorError CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED, CCX_DASHBOARDS_DENIED at the first refusal; running it again goes on from there
 */
export async function applyRemoval(plan: readonly Removal[], report: Report): Promise<void> {
  for (const { what, name, remove } of plan) {
    if (remove === undefined) continue;
    await remove();
    report(`Removed ${spoken(what)} ${name}.`);
  }
}
