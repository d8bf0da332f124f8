import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const page = fileURLToPath(new URL('../src/preview/page/', import.meta.url));

/** Libraries that get into the bundle, and the files of theirs that must go with it. */
const notices: readonly (readonly [library: string, files: readonly string[]])[] = [
  ['echarts', ['LICENSE', 'NOTICE', 'licenses/LICENSE-d3']],
  ['zrender', ['LICENSE']],
];

/** Bundles the page of `preview` into `folder`: script, style, page, icon, and the notices of the libraries in it. */
export async function bundlePreview(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(page, 'main.ts'), join(page, 'page.css')],
    entryNames: 'page',
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
    external: ['*.svg'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) await copyFile(join(page, name), join(folder, name));
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await noticesText());
}

async function noticesText(): Promise<string> {
  const fromHere = createRequire(import.meta.url);
  const fromEcharts = createRequire(fromHere.resolve('echarts/package.json'));
  const parts = await Promise.all(
    notices.map(async ([library, files]) => {
      const folder = dirname(fromEcharts.resolve(`${library}/package.json`));
      const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
      return [`page.js contains parts of ${library}:`, ...texts].join('\n\n');
    }),
  );
  return `${parts.join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundlePreview(process.argv[2] ?? fileURLToPath(new URL('../dist/preview/page/', import.meta.url)));
}
