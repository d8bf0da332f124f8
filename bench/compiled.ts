import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { packagePath } from '../src/package-root.js';

const results = new Map<string, Promise<string>>();

/** Compiles what is `bench/<path>` for a process of its own, on top of the built package. @returns the path of the result. */
export function compiled(path: string): Promise<string> {
  const result = results.get(path) ?? compile(path);
  results.set(path, result);
  return result;
}

async function compile(path: string): Promise<string> {
  // Below the package, for the sake of its imports.
  const outfile = packagePath(
    `node_modules/.cache/cloudconnexa-ecs/${path.replaceAll('/', '-').replace('.ts', '.mjs')}`,
  );
  await build({
    entryPoints: [packagePath(`bench/${path}`)],
    outfile,
    bundle: true,
    packages: 'external',
    plugins: [builtPackage],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}

/** What is imported from `src/` comes from `dist/`: what is measured is what is shipped. */
const builtPackage: Plugin = {
  name: 'built-package',
  setup(on) {
    on.onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => {
      const built = packagePath(path.replace(/^(\.\.\/)+src\//, 'dist/'));
      return { path: pathToFileURL(built).href, external: true };
    });
  },
};
