/**
 * `npm run sbom [-- FILE]` writes the bill of materials of the package, CycloneDX as JSON: what is installed with it, and what is
 * bundled into the page of `preview`. npm makes it from the lockfile; the name and the bundled packages are put right here.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageJson, packagePath } from '../src/package-root.js';

const run = promisify(execFile);

/** Development dependencies that `scripts/bundle-preview.ts` bundles, with what they need. */
const BUNDLED = ['echarts'];

/** What we read and write of https://cyclonedx.org/docs/1.5/json/. */
export interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license?: { readonly id?: string } }[];
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

export interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/** The bill of materials of the package in this checkout. */
export async function makeSbom(): Promise<Bom> {
  const all = await npmSbom();
  const { name, dependencies } = packageJson('package.json') as { name: string; dependencies: object };
  const own = all.metadata.component;
  const wanted = [...Object.keys(dependencies), ...BUNDLED];
  const roots = dependenciesOf(own['bom-ref'], all).filter((ref) => wanted.includes(nameOf(ref)));
  const delivered = closure(roots, all);
  const installed = closure(
    roots.filter((ref) => !BUNDLED.includes(nameOf(ref))),
    all,
  );
  return {
    ...all,
    // npm takes the name of the folder.
    metadata: { ...all.metadata, component: { ...own, name } },
    components: all.components
      .filter((component) => delivered.has(component['bom-ref']))
      .map((component) => required(component, !installed.has(component['bom-ref']))),
    dependencies: [
      { ref: own['bom-ref'], dependsOn: roots },
      ...all.dependencies.filter(({ ref }) => delivered.has(ref)),
    ],
  };
}

/** With everything for development: npm's `--omit dev` leaves out what development needs too (seen with 11.19). */
async function npmSbom(): Promise<Bom> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const { stdout } = await run('npm', args, { cwd: packagePath(''), maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Bom;
}

function required(component: Component, isBundled: boolean): Component {
  return {
    ...component,
    scope: 'required',
    properties: isBundled ? [{ name: 'cdx:npm:package:bundled', value: 'true' }] : [],
  };
}

/** The packages of `roots` with all that they need. */
function closure(roots: readonly string[], bom: Bom): ReadonlySet<string> {
  const found = new Set(roots);
  for (const ref of found) for (const needed of dependenciesOf(ref, bom)) found.add(needed);
  return found;
}

function dependenciesOf(ref: string, { dependencies }: Bom): readonly string[] {
  return dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];
}

/** `@b/c@1.2.3` -> `@b/c`. */
function nameOf(ref: string): string {
  return ref.replace(/@[^@]*$/, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? 'cloudconnexa-ecs.cdx.json';
  const bom = await makeSbom();
  await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
  process.stdout.write(`${file}: CycloneDX ${bom.specVersion}, ${bom.components.length} packages\n`);
}
