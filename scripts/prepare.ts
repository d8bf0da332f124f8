import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _, Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { parse } from 'yaml';
import { configCheck } from '../src/config/schema.js';
import { manifestCheck } from '../src/manifest.js';
import { fitFormats } from '../src/map/fits.js';
import { loadMappings } from '../src/map/list.js';
import { packagePath } from '../src/package-root.js';
import { checkFile, PREPARED, treeFile, type Check } from '../src/prepared.js';
import { eventChecks } from '../src/validate.js';

/** What each start would make again: see `src/prepared.ts`. */
const folder = packagePath(PREPARED);
const lists = packagePath('mappings');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const name of (await readdir(lists)).filter((file) => file.endsWith('.yml'))) {
  const text = await readFile(join(lists, name), 'utf8');
  await writeFile(join(folder, treeFile(text)), JSON.stringify(parse(text)));
}
const checks = [
  configCheck(),
  manifestCheck,
  ...loadMappings().events.flatMap((event) => Object.values(eventChecks(event))),
];
for (const check of checks) await writeFile(join(folder, checkFile(check)), codeOf(check));

function codeOf({ schema, options }: Check): string {
  const code = { source: true, formats: _`formats` };
  const ajv = new Ajv({ ...options, formats: fitFormats(() => true), code });
  return `module.exports = (formats) => {\nconst module = {};\n${standalone.default(ajv, ajv.compile(schema))}\nreturn module.exports;\n};\n`;
}
