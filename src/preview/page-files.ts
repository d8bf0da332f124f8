import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../package-root.js';

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/** Only these are served: no path of a request ever names a file. */
const served: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/THIRD-PARTY-NOTICES.txt': ['THIRD-PARTY-NOTICES.txt', 'text/plain; charset=utf-8'],
};

/** Where `npm run build` puts the page. */
export const builtPage = packagePath('dist/preview/page');

/** The files of the page by their paths in the address. @param folder Made by `scripts/bundle-preview.ts`. */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = Object.entries(served).map(async ([path, [name, type]]) => {
    return [path, { type, content: await readFile(join(folder, name)) }] as const;
  });
  return new Map(await Promise.all(files));
}
