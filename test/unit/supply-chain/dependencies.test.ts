import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { packageJson, packagePath } from '../../../src/package-root.js';
import { ownPackage, runtimePackages } from '../../support/lockfile.js';

/** Each lets its code be used and passed on with a program under the Apache License 2.0, https://www.apache.org/legal/resolved.html#category-a. */
const COMPATIBLE = ['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];

const architecture = readFileSync(packagePath('ARCHITECTURE.md'), 'utf8');
const section = architecture.slice(architecture.indexOf('## Runtime dependencies'));

describe('the runtime dependencies', () => {
  it('are those of ARCHITECTURE.md, each with a reason', () => {
    const rows = [...section.matchAll(/^\| `([^`]+)` +\| (.*?) +\|/gm)];
    expect(rows.map(([, name]) => name).sort()).to.deep.equal(Object.keys(ownPackage.dependencies).sort());
    for (const [, name, reason] of rows) expect(reason, name).to.match(/\w{2}/);
  });

  it('are as many as ARCHITECTURE.md says', () => {
    expect(/^(\d+) packages in all/m.exec(section)?.[1]).to.equal(String(runtimePackages.length));
  });

  it('are installed as the lockfile says', () => {
    const other = runtimePackages.filter(([folder, { version }]) => installed(folder).version !== version);
    expect(other.map(([folder]) => folder)).to.deep.equal([]);
  });

  it('have licences that go with Apache-2.0', () => {
    const licences = [...runtimePackages.map(([folder]) => folder), ...bundled].map(
      (folder) => `${folder}: ${String(installed(folder).license)}`,
    );
    expect(licences.filter((line) => !COMPATIBLE.includes(line.split(': ')[1] ?? ''))).to.deep.equal([]);
  });
});

/** What the page of `preview` is built from, and so goes out with the package. */
const bundled = ['node_modules/echarts', 'node_modules/zrender'];

function installed(folder: string): { readonly version?: unknown; readonly license?: unknown } {
  return packageJson(`${folder}/package.json`) as { version?: unknown; license?: unknown };
}
