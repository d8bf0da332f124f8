import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file that ships with the package (`mappings/…`, `manifest.json`), from `src/` and from `dist/` alike. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(`../${relative}`, import.meta.url));
}

/** Reads and parses a JSON file of the package. */
export function packageJson(relative: string): unknown {
  return JSON.parse(readFileSync(packagePath(relative), 'utf8'));
}
