import { EcsFlat } from '@elastic/ecs';
import { generateTemplates } from '../src/install/generate.js';
import { generateEcs, generateFieldsPage, generateSchemas } from '../src/map/generate.js';
import { cliPage } from './docs/cli.js';
import { configPage } from './docs/config.js';
import { errorsPage } from './docs/errors.js';
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
  errorsPage,
  configPage,
  cliPage,
];
