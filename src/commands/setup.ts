import { applyPlan } from '../install/apply.js';
import type { PlanItem } from '../install/plan.js';
import { planAsJson, printPlan } from '../install/print.js';
import { withCluster } from '../install/session.js';
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
 * Installs every asset of the manifest that the cluster can have: plan, print, apply only what differs.
 * @returns 0, or 1 when something had to be left out for want of a privilege, or when a dry run meets a foreign object
 * @throws ConnectorError CCX_ASSET_FOREIGN, CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE,
 *   CCX_OUTPUT_UNSUPPORTED, CCX_USAGE
 */
export async function setupCommand(options: SetupOptions, context: CommandContext): Promise<number> {
  return withCluster(await context.loadConfig(), async ({ client, target, plan: makePlan }) => {
    const plan = await makePlan(options);
    const text = options.json ? `${JSON.stringify(planAsJson(target, plan), null, 2)}\n` : printPlan(target, plan);
    context.stdout.write(text);
    if (!options.dryRun) await applyPlan(client, plan, (line) => context.stderr.write(`${line}\n`));
    if (plan.some(({ denied }) => denied)) context.stderr.write(privilegeAdvice(target.engine));
    return plan.some(isObstructed) ? 1 : 0;
  });
}

function privilegeAdvice(engine: Engine): string {
  return `What the credentials may not see was left out.\n  fix: Grant what manifest.json lists as privileges.${engine}.setup, then run setup again.\n`;
}

function isObstructed({ action, denied }: PlanItem): boolean {
  return denied || action === 'foreign';
}
