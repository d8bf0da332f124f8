import { expect } from 'chai';
import type { ConnectorError } from '../../../src/errors.js';
import { startDashboardsServer, type DashboardsServer } from '../../support/dashboards-server.js';
import { commandsOn } from '../../support/front-end-commands.js';
import type { Ended } from '../../support/front-end-suite.js';
import { startCluster, type Cluster } from './cluster.js';

describe('dashboards in a space of Kibana', () => {
  let cluster: Cluster;
  let server: DashboardsServer;

  beforeEach(async () => {
    cluster = await startCluster({ engine: 'elasticsearch' });
    server = await startDashboardsServer({ product: 'Kibana', spaces: ['soc'] });
  });

  afterEach(async () => {
    await server.close();
    await cluster.close();
  });

  const setup = (space: string) =>
    commandsOn(cluster.url, 'dashboards', { dashboards: { url: server.url, space } })('setup');

  it('are installed there and nowhere else', async () => {
    expect((await setup('soc')).code).to.equal(0);
    expect([...server.objects.keys()].every((key) => key.startsWith('soc|'))).to.equal(true);
  });

  it('are not installed into a space that does not exist, though Kibana would', async () => {
    const error: unknown = await setup('sock').catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_DASHBOARDS_SPACE', exitCode: 2 });
    expect(server.objects.size).to.equal(0);
  });

  it('are taken away again when another space has them, because nobody would find the copies', async () => {
    await setup('default');
    const before = server.objects.size;
    const error: unknown = await setup('soc').catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_ASSET_FOREIGN' });
    expect((error as ConnectorError).message).to.contain('Another space of Kibana has these already: index-pattern');
    expect(server.objects.size).to.equal(before);
  });
});

describe('dashboards in a tenant of OpenSearch Dashboards', () => {
  let cluster: Cluster;
  let server: DashboardsServer;

  afterEach(async () => {
    await server.close();
    await cluster.close();
  });

  async function setup(tenant: string, tenants?: readonly string[]): Promise<Ended> {
    cluster = await startCluster({ engine: 'opensearch' });
    server = await startDashboardsServer({ product: 'OpenSearch Dashboards', ...(tenants ? { tenants } : {}) });
    return commandsOn(cluster.url, 'dashboards', { dashboards: { url: server.url, tenant } })('setup');
  }

  it('are installed there', async () => {
    expect((await setup('soc', ['soc'])).code).to.equal(0);
    expect([...server.objects.keys()].every((key) => key.startsWith('soc|'))).to.equal(true);
  });

  for (const [title, tenants] of [
    ['that is not among those of the user', ['noc']],
    ['where there are none', undefined],
  ] as const) {
    it(`are not installed into a tenant ${title}, though the server would take another`, async () => {
      const error: unknown = await setup('soc', tenants).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'CCX_DASHBOARDS_SPACE' });
      expect(server.objects.size).to.equal(0);
    });
  }
});
