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
  for (const run of runsOf(plan)) {
    await Promise.all(run.map(async ({ remove }) => remove?.()));
    for (const { what, name } of run) report(`Removed ${spoken(what)} ${name}.`);
  }
}

/** One after the other, front ends take a second for each of dozens of objects. */
function runsOf(plan: readonly Removal[]): Removal[][] {
  const runs: Removal[][] = [];
  for (const removal of plan.filter(({ action }) => action === 'remove')) {
    const run = runs.at(-1);
    if (removal.sideBySide === true && run?.[0]?.what === removal.what) run.push(removal);
    else runs.push([removal]);
  }
  return runs;
}
