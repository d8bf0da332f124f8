import { describeTarget } from '../install/print.js';
import type { Removal } from '../install/plan.js';
import { applyRemoval, planRemoval } from '../install/removal.js';
import { withCluster } from '../install/session.js';
import { oneLine, printableJson } from '../printable.js';
import { spoken } from '../install/store.js';
import type { CommandContext } from './context.js';

export interface UninstallOptions {
  /** Show the plan, change nothing. */
  readonly dryRun: boolean;
  /** Delete the data streams with all their documents, too. */
  readonly data: boolean;
  /** The plan as one JSON object on stdout. */
  readonly json: boolean;
}

/**
 * Removes what setup installed and nothing else: no data without `data`, nothing foreign, none of the user's own assets.
 * @returns 0, or 1 when something of ours has to stay
 * @throws ConnectorError CCX_ASSET_REFUSED, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_UNSUPPORTED,
 *   CCX_DASHBOARDS_…
 */
export async function uninstallCommand(options: UninstallOptions, context: CommandContext): Promise<number> {
  return withCluster(await context.loadConfig(), async ({ target, places }) => {
    const plan = await planRemoval(places, options.data);
    const json = { engine: target.engine, version: target.version ?? null, plan };
    const text = options.json
      ? `${printableJson(JSON.stringify(json, null, 2))}\n`
      : printRemoval(describeTarget(target), plan);
    context.stdout.write(text);
    if (!options.dryRun) await applyRemoval(plan, (line) => context.stderr.write(`${oneLine(line)}\n`));
    return plan.some(({ blocked }) => blocked) ? 1 : 0;
  });
}

function printRemoval(cluster: string, plan: readonly Removal[]): string {
  const lines = plan.map(({ what, name, action, documents, reason }) => {
    const size = documents === undefined ? '' : `, ${documentsText(documents)}`;
    return `  ${action.padEnd(9)} ${spoken(what)} ${name}${size}${reason === undefined ? '' : `. ${reason}`}`;
  });
  return [cluster, '', ...lines, '', advice(plan), ''].map(oneLine).join('\n');
}

function documentsText(documents: number | string): string {
  return typeof documents === 'number' ? `${documents} documents` : `number of documents not known: ${documents}`;
}

function advice(plan: readonly Removal[]): string {
  const kept = plan.filter(({ what, action }) => what === 'data_stream' && action === 'keep');
  if (kept.length === 0 || !plan.some(({ blocked }) => blocked)) {
    return `${plan.filter(({ action }) => action === 'remove').length} to remove.`;
  }
  return kept.some(({ blocked }) => blocked)
    ? 'A template in use cannot be removed, and this cluster cannot delete data streams: the assets stay.'
    : 'A template in use cannot be removed. To remove the assets delete the data streams first, or with --data, which deletes all their documents.';
}
