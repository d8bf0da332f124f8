import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { packagePath } from '../../../src/package-root.js';
import { lockedPackages, lockedRoot, ownPackage, runtimePackages } from '../../support/lockfile.js';

/** A version range of the registry, or an alias for one: neither an address nor a path. */
const RANGE = /^(?:npm:@?[\w./-]+@)?[\w.^~<>=|* -]+$/;

/** Of our own, any of these would run on the machine of whoever installs the package or clones the project. */
const LIFECYCLE =
  /^(?:pre|post)?(?:install|prepare|publish|version|uninstall|dependencies)$|^prepublish(?:Only)?$|^postpack$/;

/** Development only: it checks that the program for this platform is the one that belongs to it. */
const WITH_INSTALL_SCRIPT = ['node_modules/esbuild'];

describe('the lockfile', () => {
  it('has a SHA-512 of every package', () => {
    const without = lockedPackages.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
    expect(without.map(([folder]) => folder)).to.deep.equal([]);
  });

  it('names no place to fetch a package from, so that it comes from the registry of whoever installs', () => {
    const placed = lockedPackages.filter(([, { resolved, link }]) => resolved !== undefined || link !== undefined);
    expect(placed.map(([folder]) => folder)).to.deep.equal([]);
    expect(readFileSync(packagePath('.npmrc'), 'utf8')).to.match(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('has only packages that are asked for by version', () => {
    const asked = [...lockedPackages, ['', ownPackage] as const].flatMap(([folder, entry]) =>
      Object.entries({ ...entry.dependencies, ...('devDependencies' in entry ? entry.devDependencies : {}) }).map(
        ([name, range]) => `${folder} ${name} ${range}`,
      ),
    );
    expect(asked.filter((line) => !RANGE.test(line.split(' ').slice(2).join(' ')))).to.deep.equal([]);
    expect(asked.length).to.be.greaterThan(lockedPackages.length / 2);
  });

  it('says what package.json says', () => {
    const { name, version, dependencies, devDependencies } = ownPackage;
    expect(lockedRoot).to.deep.include({ name, version, dependencies, devDependencies });
  });
});

describe('install scripts', () => {
  it('has no package that is installed with this one', () => {
    const scripted = runtimePackages.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([folder]) => folder)).to.deep.equal([]);
  });

  it('have few packages for development', () => {
    const scripted = lockedPackages.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([folder]) => folder)).to.deep.equal(WITH_INSTALL_SCRIPT);
  });

  it('are none of our own', () => {
    expect(Object.keys(ownPackage.scripts).filter((name) => LIFECYCLE.test(name))).to.deep.equal([]);
  });
});
