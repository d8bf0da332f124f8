import { EcsFlat } from '@elastic/ecs';
import { generateKibana } from '../src/dashboards/kibana/generate.js';
import { generateOpenSearchDashboards } from '../src/dashboards/opensearch/generate.js';
import { generateTemplates } from '../src/install/generate.js';
import { generateRoles } from '../src/install/roles.js';
import { generateEcs, generateFieldsPage, generateSchemas } from '../src/map/generate.js';
import { generateRules } from '../src/rules/targets.js';
import { cliPage } from './docs/cli.js';
import { configPage } from './docs/config.js';
import { dashboardsPage } from './docs/dashboards.js';
import { errorsPage } from './docs/errors.js';
import { rulesPage } from './docs/rules.js';
import { manifestFile } from './manifest.js';

/** One generated file: its path in the repository and its content before formatting. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** Everything that `npm run generate` writes, in this order: later ones may read what earlier ones wrote. */
export const generators: readonly (() => readonly GeneratedFile[])[] = [
  () => generateEcs(EcsFlat),
  generateSchemas,
  generateFieldsPage,
  manifestFile,
  generateTemplates,
  () => generateRoles(),
  generateOpenSearchDashboards,
  generateKibana,
  generateRules,
  errorsPage,
  configPage,
  cliPage,
  dashboardsPage,
  rulesPage,
];
