import { packageJson } from '../../src/package-root.js';

/** What we read of an entry of package-lock.json, https://docs.npmjs.com/cli/configuring-npm/package-lock-json. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const ownPackage = packageJson('package.json') as PackageJson;

const { packages } = packageJson('package-lock.json') as { packages: Readonly<Record<string, LockedPackage>> };

/** The lockfile's entry of the package itself: what package.json said when it was written. */
export const lockedRoot = packages[''] as unknown as Partial<PackageJson>;

/** Every package that `npm ci` installs, by its folder below the package's. */
export const lockedPackages: readonly (readonly [folder: string, entry: LockedPackage])[] = Object.entries(
  packages,
).filter(([folder]) => folder !== '');

/** Those that are installed with the package. */
export const runtimePackages = lockedPackages.filter(([, { dev }]) => dev !== true);

/** `node_modules/a/node_modules/@b/c` -> `@b/c`. */
export function packageName(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
