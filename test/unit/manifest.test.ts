import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { ConnectorError } from '../../src/errors.js';
import { builders, isBuilt } from '../../src/install/build.js';
import { loadManifest, parseManifest, type Manifest } from '../../src/manifest.js';
import { loadMappings } from '../../src/map/list.js';
import { packageJson, packagePath } from '../../src/package-root.js';
import { fullTarget } from '../../src/target/capability.js';

type Loose = Record<string, unknown> & { assets: Record<string, unknown>[]; data_streams: Record<string, unknown>[] };

describe('manifest.json', () => {
  const manifest = loadManifest();

  function faultsOf(change: (loose: Loose) => void): string {
    const loose = structuredClone(manifest) as unknown as Loose;
    change(loose);
    try {
      parseManifest(loose);
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'CCX_MANIFEST_INVALID') return error.message;
      throw error;
    }
    return '';
  }

  it('has the version and name of package.json', () => {
    const { name, version } = packageJson('package.json') as Manifest;
    expect({ name: manifest.name, version: manifest.version }).to.deep.equal({ name, version });
  });

  it('routes the events of the field lists to the same datasets, and all others to `other`', () => {
    const listed = loadMappings().events.map(({ event, dataset }) => [event, dataset] as const);
    const routed = manifest.data_streams.flatMap(({ dataset, events }) =>
      events.map((event) => [event, dataset] as const),
    );
    const named = listed.map(([event, dataset]) => [event === 'other' ? '*' : event, dataset] as const);
    expect(routed).to.have.deep.members(named);
  });

  it('names every data stream pattern by its dataset', () => {
    for (const { dataset, pattern } of manifest.data_streams) {
      expect(pattern).to.equal(`logs-cloudconnexa.${dataset}-*`);
    }
  });

  it('has an asset for each builder, and no other that the cluster stores under its name', () => {
    const built = manifest.assets.filter(({ name }) => name.startsWith('logs-cloudconnexa'));
    expect(built.map(({ id }) => id)).to.have.members(Object.keys(builders));
  });

  it('names files and folders of the package for all assets that are many', () => {
    const many = manifest.assets.filter((asset) => !isBuilt(asset));
    expect(many.map(({ name }) => name).filter((name) => !existsSync(packagePath(name)))).to.deep.equal([]);
  });

  it('lists no asset of a front end or rule before what it looks at', () => {
    const groups = manifest.assets.map(({ group }) => group);
    expect(groups.indexOf('dashboards')).to.be.above(groups.lastIndexOf('templates'));
    expect(groups.indexOf('rules')).to.be.above(groups.lastIndexOf('dashboards'));
  });

  it('needs nothing that an engine with all of its modules lacks', () => {
    for (const { id, targets, needs } of manifest.assets) {
      for (const engine of targets) {
        const { capabilities } = fullTarget(engine);
        expect(
          needs.filter((need) => !capabilities.has(need)),
          `${id} on ${engine}`,
        ).to.deep.equal([]);
      }
    }
  });

  it('lists what an asset refers to before it', () => {
    const order = manifest.assets.map(({ id }) => id);
    expect(order.indexOf('settings')).to.be.above(order.indexOf('pipeline'));
    expect(order.indexOf('settings')).to.be.above(order.indexOf('ilm-policy'));
    expect(order.indexOf('index-template')).to.be.above(order.indexOf('settings'));
  });

  it('lists all faults at once, each with its path', () => {
    const faults = faultsOf((loose) => {
      loose.version = 'one';
      delete loose.engines;
      Object.assign(loose.assets[0] ?? {}, { needs: ['teleport'], version: 0 });
      loose.extra = true;
    });
    for (const path of ['/version', '/ ', '/assets/0/needs/0', '/assets/0/version', 'extra']) {
      expect(faults).to.contain(path);
    }
  });

  it('refuses an asset, a dataset or an event that is named twice', () => {
    const faults = faultsOf((loose) => {
      loose.assets.push({ ...loose.assets[0] });
      loose.data_streams.push({ ...loose.data_streams[0] });
    });
    expect(faults).to.contain(`/assets/${manifest.assets.length}/id names ilm-policy a second time`);
    expect(faults).to.contain('/data_streams/5/dataset names flow a second time');
    expect(faults).to.contain('/data_streams/5/events/0 names flow-established a second time');
  });

  it('gives shipping no privilege to read, change or delete', () => {
    const shipping = Object.values(manifest.privileges).flatMap(({ ship }) =>
      ship.indices.flatMap((i) => i.privileges),
    );
    expect(shipping.filter((name) => /read|delete|manage|all/.test(name))).to.deep.equal([]);
  });

  it('gives the rules the alerts of one space, and monitors no action that is not used', () => {
    const { elasticsearch, opensearch } = manifest.privileges;
    const alerts = elasticsearch.rules.indices
      .flatMap(({ names }) => names)
      .filter((name) => name.includes('.alerts-'));
    expect(alerts).to.have.length(2);
    for (const name of alerts) expect(name).to.match(/-default(?:-\*)?$/);
    expect(opensearch.rules.cluster.filter((name) => name.includes('*'))).to.deep.equal([]);
  });
});
