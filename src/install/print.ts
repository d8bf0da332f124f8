import { oneLine } from '../printable.js';
import { capabilities as facts, type Target } from '../target/capability.js';
import type { Difference } from './diff.js';
import type { Action, PlanItem, Version } from './plan.js';
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

/** So many objects that are alike in all but their names are one line. */
const manyAlike = 5;

/** A plan as text for a person: the cluster, then one paragraph an asset, then what is to be done in one line. */
export function printPlan(target: Target, plan: readonly PlanItem[]): string {
  return [describeTarget(target), '', ...runsOf(plan).flatMap(runLines), '', summary(plan), ''].map(oneLine).join('\n');
}

/** Neighbours of the same kind with the same thing to be done, and nothing to be said of them. */
function runsOf(plan: readonly PlanItem[]): PlanItem[][] {
  const runs: PlanItem[][] = [];
  for (const item of plan) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    if (run && first && isPlain(first) && isPlain(item) && first.kind === item.kind && first.action === item.action) {
      run.push(item);
    } else {
      runs.push([item]);
    }
  }
  return runs;
}

function isPlain({ action, notes, differences }: PlanItem): boolean {
  return action !== 'foreign' && notes.length === 0 && differences.length === 0;
}

function runLines(run: readonly PlanItem[]): string[] {
  const [first] = run;
  if (first === undefined || run.length < manyAlike) return run.flatMap(itemLines);
  return [`  ${words[first.action].padEnd(wordWidth)} ${run.length} × ${spoken(first.kind)}`];
}

/** `Elasticsearch 8.19.4 (default)`. */
export function describeTarget({ engine, version, flavor }: Target): string {
  const name = engine === 'elasticsearch' ? 'Elasticsearch' : 'OpenSearch';
  const build = flavor === undefined || flavor === engine ? '' : ` (${flavor})`;
  return `${name} ${version ?? 'of unknown version'}${build}`;
}

function itemLines(item: PlanItem): string[] {
  const { kind, name, wanted, action, notes, differences } = item;
  const details = action === 'update' ? differenceLines(differences) : [];
  const foreign = action === 'foreign' ? ['Somebody else installed it; --force replaces it.'] : [];
  return [
    `  ${words[action].padEnd(wordWidth)} ${spoken(kind)} ${name}, ${spokenVersion(wanted)}`,
    ...[...details, ...foreign, ...notes].map((line) => `  ${' '.repeat(wordWidth)}   ${line}`),
  ];
}

/** A digest tells people nothing but that it is another one. */
export function spokenVersion(version: Version): string {
  return typeof version === 'number' ? `version ${version}` : `content ${version}`;
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
    assets: plan.map(({ id, group, kind, name, action, installed, wanted, differences, notes }) => ({
      id,
      group,
      kind,
      name,
      action,
      installed_version: installed ?? null,
      wanted_version: wanted,
      differences,
      notes,
    })),
  };
}
