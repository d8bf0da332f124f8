/** Writes all generated files; `npm run generate` formats them afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { packagePath } from '../src/package-root.js';
import { generators } from './generators.js';

for (const generate of generators) {
  for (const { path, content } of generate()) {
    const file = packagePath(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
