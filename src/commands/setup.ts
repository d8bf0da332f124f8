import type { PlanItem } from '../install/plan.js';
import { planAsJson, printPlan } from '../install/print.js';
import { withCluster } from '../install/session.js';
import { oneLine, printableJson } from '../printable.js';
import type { Engine } from '../target/capability.js';
import type { CommandContext } from './context.js';

export interface SetupOptions {
  /** Show the plan, change nothing. */
  readonly dryRun: boolean;
  /** Kinds of assets to install; empty means all. */
  readonly only: readonly string[];
  /** The plan as one JSON object on stdout. */
  readonly json: boolean;
  /** Replace objects that are not ours, and newer versions of ours. */
  readonly force: boolean;
}

/**
 * Installs every asset of the manifest that the cluster and its front end can have: plan, print, apply only what differs.
 * @returns 0, or 1 when something had to be left out for want of a privilege, or because somebody else's object is in its place
 * @throws ConnectorError CCX_ASSET_FOREIGN, CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE,
 *   CCX_OUTPUT_UNSUPPORTED, CCX_DASHBOARDS_…, CCX_USAGE
 */
export async function setupCommand(options: SetupOptions, context: CommandContext): Promise<number> {
  return withCluster(await context.loadConfig(), async ({ target, plan: makePlan }) => {
    const { items, apply } = await makePlan(options);
    const text = options.json
      ? `${printableJson(JSON.stringify(planAsJson(target, items), null, 2))}\n`
      : printPlan(target, items);
    context.stdout.write(text);
    if (!options.dryRun) await apply((line) => context.stderr.write(`${oneLine(line)}\n`));
    if (items.some(({ denied }) => denied)) context.stderr.write(privilegeAdvice(target.engine));
    return items.some(isObstructed) ? 1 : 0;
  });
}

function privilegeAdvice(engine: Engine): string {
  return `What the credentials may not see was left out.\n  fix: Grant what manifest.json lists under privileges.${engine} as setup, dashboards and rules, then run setup again.\n`;
}

function isObstructed({ action, denied }: PlanItem): boolean {
  return denied || action === 'foreign';
}
