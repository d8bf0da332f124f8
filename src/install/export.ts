import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LifecycleConfig } from '../config.js';
import { packagePath } from '../package-root.js';
import { assetFiles, type GeneratedFile } from './generate.js';
import { generateRoles } from './roles.js';

/** What `export` can write, by the name it is asked for. */
export const exportKinds = ['templates', 'dashboards', 'rules', 'roles'] as const;
export type ExportKind = (typeof exportKinds)[number];

/**
 * The files to install by other means: bodies of requests to the cluster (`elasticsearch/…`, `opensearch/…`), import files of
 * Kibana and OpenSearch Dashboards (`dashboards/…`), rules for Kibana, OpenSearch Alerting and Sigma (`rules/…`), and bodies of
 * requests that make roles (`roles/…`).
 */
export function exportFiles(kinds: readonly ExportKind[], lifecycle: LifecycleConfig): readonly GeneratedFile[] {
  const files = {
    templates: () => assetFiles(lifecycle),
    dashboards: () => checkedIn('dashboards'),
    rules: () => checkedIn('rules'),
    roles: () => generateRoles(),
  } as const satisfies Readonly<Record<ExportKind, () => readonly GeneratedFile[]>>;
  return kinds.flatMap((kind) => files[kind]());
}

/** They are in the package as they are installed. */
function checkedIn(kind: 'dashboards' | 'rules'): GeneratedFile[] {
  const folder = packagePath(`${kind}/generated`);
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => ({ path: join(kind, name), content: readFileSync(join(folder, name), 'utf8') }));
}
