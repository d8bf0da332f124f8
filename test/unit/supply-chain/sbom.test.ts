import { homedir } from 'node:os';
import { expect } from 'chai';
import { makeSbom, type Bom } from '../../../scripts/sbom.js';
import { packagePath } from '../../../src/package-root.js';
import { lockedPackages, ownPackage, packageName, runtimePackages } from '../../support/lockfile.js';

/** ECharts and what it needs: bundled, and installed nowhere. */
const BUNDLED = /\/(?:echarts|zrender)(?:\/node_modules\/tslib)?$|\/zrender\/node_modules\/tslib$/;
const delivered = [...runtimePackages, ...lockedPackages.filter(([folder]) => BUNDLED.test(folder))];

describe('the bill of materials', function () {
  this.timeout(120_000);
  let bom: Bom;
  before(async () => {
    bom = await makeSbom();
  });

  it('is CycloneDX 1.5 or later, of this package', () => {
    const { name, version } = ownPackage;
    expect(bom).to.include({ bomFormat: 'CycloneDX' });
    expect(Number(bom.specVersion)).to.be.at.least(1.5);
    expect(bom.metadata.component).to.include({ name, version, purl: `pkg:npm/${name}@${version}` });
  });

  it('has what is installed with the package or bundled into it, and nothing else', () => {
    const expected = new Set(delivered.map(([folder, { version }]) => `${packageName(folder)}@${version}`));
    expect(bom.components.map((component) => component['bom-ref']).sort()).to.deep.equal([...expected].sort());
  });

  it('has the package URL, the licence and the SHA-512 of the lockfile for each', () => {
    const hashes = new Map(
      delivered.map(([folder, { version, integrity }]) => [`${packageName(folder)}@${version}`, integrity]),
    );
    for (const { name, version, purl, hashes: given, licenses } of bom.components) {
      const [found] = given ?? [];
      expect(purl).to.equal(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      expect(licenses?.[0]?.license?.id, name).to.match(/^[\w.-]+$/);
      expect(found?.alg).to.equal('SHA-512');
      const base64 = Buffer.from(found?.content ?? '', 'hex').toString('base64');
      expect(`sha512-${base64}`).to.equal(hashes.get(`${name}@${version}`));
    }
  });

  it('says of each what it needs, and of nothing that is not there', () => {
    const own = `${ownPackage.name}@${ownPackage.version}`;
    const known = new Set([own, ...bom.components.map((component) => component['bom-ref'])]);
    expect(new Set(bom.dependencies.map(({ ref }) => ref))).to.deep.equal(known);
    expect(bom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.has(ref))).to.deep.equal([]);
  });

  it('has no path of this machine', () => {
    const text = JSON.stringify(bom);
    for (const path of [packagePath('').replace(/\/$/, ''), homedir(), 'file:']) expect(text).not.to.contain(path);
  });
});
