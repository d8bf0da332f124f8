import { capabilities as facts, type Target } from '../target/capability.js';
import type { Difference } from './diff.js';
import type { Action, PlanItem } from './plan.js';
import { spoken } from './store.js';

const words: Readonly<Record<Action, string>> = {
  create: 'create',
  update: 'update',
  unchanged: 'unchanged',
  left_out: 'left out',
  foreign: 'not ours',
};

const wordWidth = 10;
const maxDifferences = 20;

/** A plan as text for a person: the cluster, then one paragraph an asset, then what is to be done in one line. */
export function printPlan(target: Target, plan: readonly PlanItem[]): string {
  return [describeTarget(target), '', ...plan.flatMap(itemLines), '', summary(plan), ''].join('\n');
}

/** `Elasticsearch 8.19.4 (default)`. */
export function describeTarget({ engine, version, flavor }: Target): string {
  const name = engine === 'elasticsearch' ? 'Elasticsearch' : 'OpenSearch';
  const build = flavor === undefined || flavor === engine ? '' : ` (${flavor})`;
  return `${name} ${version ?? 'of unknown version'}${build}`;
}

function itemLines(item: PlanItem): string[] {
  const { asset, action, notes, differences } = item;
  const details = action === 'update' ? differenceLines(differences) : [];
  const foreign = action === 'foreign' ? ['Somebody else installed it; --force replaces it.'] : [];
  return [
    `  ${words[action].padEnd(wordWidth)} ${spoken(asset.kind)} ${asset.name}, version ${asset.version}`,
    ...[...details, ...foreign, ...notes].map((line) => `  ${' '.repeat(wordWidth)}   ${line}`),
  ];
}

function differenceLines(differences: readonly Difference[]): string[] {
  const shown = differences.slice(0, maxDifferences).map(({ path, stored, wanted }) => {
    if (stored === undefined) return `+ ${path}: ${wanted}`;
    if (wanted === undefined) return `- ${path}: ${stored}`;
    return `~ ${path}: ${stored} -> ${wanted}`;
  });
  const rest = differences.length - shown.length;
  return rest === 0 ? shown : [...shown, `… and ${rest} more`];
}

function summary(plan: readonly PlanItem[]): string {
  const counts = (Object.keys(words) as Action[])
    .map((action) => ({ action, count: plan.filter((item) => item.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(
      ({ action, count }) => `${count} ${action === 'left_out' || action === 'foreign' ? '' : 'to '}${words[action]}`,
    );
  return `${counts.join(', ').replace('to unchanged', 'unchanged')}.`;
}

/** A plan as data: what `--json` prints. */
export function planAsJson(target: Target, plan: readonly PlanItem[]): object {
  return {
    engine: target.engine,
    version: target.version ?? null,
    flavor: target.flavor ?? null,
    capabilities: Object.fromEntries(
      [...target.findings].map(([name, { state, detail }]) => [
        name,
        { state, ...(detail === '' ? {} : { detail }), what: facts[name].what },
      ]),
    ),
    assets: plan.map(({ asset, action, installed, differences, notes }) => ({
      id: asset.id,
      kind: asset.kind,
      name: asset.name,
      action,
      installed_version: installed ?? null,
      wanted_version: asset.version,
      differences,
      notes,
    })),
  };
}
