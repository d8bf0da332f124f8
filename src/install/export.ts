import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LifecycleConfig } from '../config.js';
import { packagePath } from '../package-root.js';
import { assetFiles, type GeneratedFile } from './generate.js';

/** What `export` can write, by the name it is asked for. */
export const exportKinds = ['templates', 'dashboards', 'rules'] as const;
export type ExportKind = (typeof exportKinds)[number];

/**
 * The files to install by other means: bodies of requests to the cluster (`elasticsearch/…`, `opensearch/…`), import files of
 * Kibana and OpenSearch Dashboards (`dashboards/…`), and rules for Kibana, OpenSearch Alerting and Sigma (`rules/…`).
 */
export function exportFiles(kinds: readonly ExportKind[], lifecycle: LifecycleConfig): readonly GeneratedFile[] {
  return kinds.flatMap((kind) => (kind === 'templates' ? assetFiles(lifecycle) : checkedIn(kind)));
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
