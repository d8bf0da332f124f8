import { expect } from 'chai';
import type { ConnectorError } from '../../../src/errors.js';
import {
  proxyPage,
  startDashboardsServer,
  type DashboardsServer,
  type DashboardsServerOptions,
} from '../../support/dashboards-server.js';
import { commandsOn } from '../../support/front-end-commands.js';
import { frontEndTests, type CommandMore, type Ended, type FrontEndUnderTest } from '../../support/front-end-suite.js';
import { startCluster, type Cluster, type ContextSettings } from './cluster.js';

const kinds = [
  { product: 'Kibana', engine: 'elasticsearch' },
  { product: 'OpenSearch Dashboards', engine: 'opensearch' },
] as const;

for (const { product, engine } of kinds) {
  describe(`dashboards in ${product}`, () => {
    let cluster: Cluster;
    let server: DashboardsServer;

    afterEach(async () => {
      await server.close();
      await cluster.close();
    });

    async function start(options: Partial<DashboardsServerOptions> = {}): Promise<void> {
      cluster = await startCluster({ engine });
      server = await startDashboardsServer({ product, ...options });
    }

    function run(...given: Parameters<FrontEndUnderTest['run']>): Promise<Ended> {
      return commandsOn(cluster.url, 'dashboards', { dashboards: { url: server.url } })(...given);
    }

    function setup(dashboards: ContextSettings['dashboards'] = {}, more: CommandMore = {}): Promise<Ended> {
      return run('setup', { ...more, settings: { dashboards: { url: server.url, ...dashboards } } });
    }

    async function failure(dashboards: ContextSettings['dashboards'] = {}): Promise<ConnectorError> {
      const error: unknown = await setup(dashboards).then(
        () => new Error('setup did not fail'),
        (thrown: unknown) => thrown,
      );
      return error as ConnectorError;
    }

    describe('as every such server', () => {
      beforeEach(() => start());

      frontEndTests(() => ({
        run,
        edit: (key, change) => {
          const found = server.objects.get(key);
          if (found) server.objects.set(key, { ...found, attributes: change(found.attributes) });
          return Promise.resolve();
        },
        stored: () => Promise.resolve([...server.objects.keys()]),
      }));
    });

    it('sends the header that keeps other sites out, and the credentials of output where it has none', async () => {
      await start();
      const output = { username: 'kim', password: 'pa55word' };
      await run('setup', { settings: { dashboards: { url: server.url }, output } });
      const { authorization } = server.headers();
      expect(authorization).to.equal(`Basic ${Buffer.from('kim:pa55word').toString('base64')}`);
      expect(server.headers()).to.have.property(product === 'Kibana' ? 'kbn-xsrf' : 'osd-xsrf');
    });

    it('sends its own credentials before those of output', async () => {
      await start({ authorization: 'ApiKey own' });
      const output = { api_key: 'others' };
      const { code } = await run('setup', { settings: { dashboards: { url: server.url, api_key: 'own' }, output } });
      expect(code).to.equal(0);
    });

    it('works below a base path, with a slash at its end or without', async () => {
      await start({ basePath: '/front/end' });
      expect((await setup()).code).to.equal(0);
      expect((await setup({ url: `${server.url}/` })).items.every(({ action }) => action === 'unchanged')).to.equal(
        true,
      );
    });

    it('takes the answer of a proxy for what it is', async () => {
      await start({ basePath: '/front' });
      const { code, message } = await failure({ url: server.url.replace('/front', '') });
      expect(code).to.equal('CCX_DASHBOARDS_UNSUPPORTED');
      expect(message).to.contain(`What answers is not ${product}`);
    });

    it('takes a login page for what it is', async () => {
      await start({ instead: () => proxyPage(302) });
      expect(await failure()).to.include({ code: 'CCX_DASHBOARDS_UNSUPPORTED' });
    });

    it('refuses the front end of the other engine', async () => {
      const other = kinds.find((kind) => kind.product !== product);
      await start({ product: other?.product ?? product });
      const { code, message } = await failure();
      expect(code).to.equal('CCX_DASHBOARDS_UNSUPPORTED');
      expect(message).to.contain(`not ${product}: it is ${other?.product}`);
    });

    it('refuses an engine in the place of a front end', async () => {
      await start();
      expect(await failure({ url: cluster.url })).to.include({ code: 'CCX_DASHBOARDS_UNSUPPORTED' });
    });

    it('says that the credentials are not accepted, without repeating them', async () => {
      await start({ authorization: 'ApiKey right' });
      const error = await failure({ api_key: 'wr0ng' });
      expect(error.code).to.equal('CCX_DASHBOARDS_DENIED');
      expect(JSON.stringify([error.message, error.place, error.remedy])).not.to.contain('wr0ng');
    });

    it('leaves dashboards out where it may not read, says so and exits 1', async () => {
      await start({ denies: /_export/ });
      const { code, items, stderr } = await setup();
      expect(code).to.equal(1);
      expect(items[0]).to.deep.include({ action: 'left_out' });
      expect(items[0]?.notes[0]).to.contain(`${product} does not let us read saved objects`);
      expect(stderr).to.contain('as setup, dashboards and rules');
      expect(server.changes).to.deep.equal([]);
    });

    it('fails where it may read but not write', async () => {
      await start({ denies: /_import/ });
      expect(await failure()).to.include({ code: 'CCX_DASHBOARDS_DENIED' });
    });

    it('says that the server starts', async () => {
      await start({ starting: /status/ });
      const { code, message } = await failure();
      expect(code).to.equal('CCX_DASHBOARDS_UNREACHABLE');
      expect(message).to.contain('it answers 503');
    });

    it('says that nobody listens', async () => {
      await start();
      const gone = server.url;
      await server.close();
      const error = await failure({ url: gone });
      expect(error.code).to.equal('CCX_DASHBOARDS_UNREACHABLE');
      expect(error.message).to.contain('nothing listens');
    });

    it('does not wait for an answer without end', async () => {
      await start({ delayMs: 2000 });
      const error: unknown = await run('setup', {
        settings: { dashboards: { url: server.url }, output: { request_timeout_s: 0.2 } },
      }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'CCX_DASHBOARDS_UNREACHABLE' });
    });

    it('says that the server is older than the objects', async () => {
      await start({ newest: { dashboard: '7.0.0' } });
      const { code, message } = await failure();
      expect(code).to.equal('CCX_DASHBOARDS_OLD');
      expect(message).to.contain('more recent version');
    });

    it('names each object of a type that the server does not know', async () => {
      const instead = (line: string) =>
        line.includes('_import')
          ? ([200, { success: false, successCount: 0, errors: unsupported }] as const)
          : undefined;
      const unsupported = ['a', 'b'].map((id) => ({
        type: 'lens',
        id,
        meta: { title: `Panel ${id}` },
        error: { type: 'unsupported_type' },
      }));
      await start({ instead });
      const { code, message } = await failure();
      expect(code).to.equal('CCX_ASSET_REFUSED');
      expect(message).to.contain('lens a (Panel a): this server does not know the type lens\n  - lens b (Panel b)');
    });

    it('names the object whose reference is not there', async () => {
      await start({ types: ['search', 'visualization', 'dashboard', 'index-pattern'] });
      await setup();
      const pattern = 'index-pattern:cloudconnexa-events';
      for (const key of [...server.objects.keys()]) if (key.startsWith('search:')) server.objects.delete(key);
      const loses = new Set([pattern]);
      server.objects.delete(pattern);
      await server.close();
      const before = new Map(server.objects);
      server = await startDashboardsServer({ product, loses });
      for (const [key, object] of before) server.objects.set(key, object);
      const { code, message } = await failure();
      expect(code).to.equal('CCX_ASSET_REFUSED');
      expect(message).to.contain('index-pattern cloudconnexa-events');
      expect(message).to.contain('it refers to index-pattern cloudconnexa-events, which is not there');
    });

    it('does not believe in a success when an object is not there afterwards', async () => {
      await start({ loses: new Set(['dashboard:cloudconnexa-denied-flows']) });
      const { code, message } = await failure();
      expect(code).to.equal('CCX_ASSET_REFUSED');
      expect(message).to.contain('dashboard cloudconnexa-denied-flows (CloudConnexa denied flows): it is not there');
    });

    it('overwrites nothing that came between the plan and its application', async () => {
      let asked = 0;
      await start({
        instead: (line) => {
          if (line.includes('_export')) asked += 1;
          const mine = {
            type: 'dashboard',
            id: 'cloudconnexa-flow-overview',
            attributes: { title: 'Mine' },
            references: [],
          };
          if (line.includes('_import')) server.objects.set('dashboard:cloudconnexa-flow-overview', mine);
          return undefined;
        },
      });
      const { code, message } = await failure();
      expect(asked).to.equal(1);
      expect(code).to.equal('CCX_ASSET_FOREIGN');
      expect(message).to.contain('dashboard cloudconnexa-flow-overview (');
      expect([...server.objects.keys()]).to.deep.equal(['dashboard:cloudconnexa-flow-overview']);
    });

    it('asks for no address and says how to give one where there is none', async () => {
      await start();
      const { code, items } = await run('setup', { settings: { dashboards: {} } });
      expect(code).to.equal(0);
      expect(items).to.have.length(1);
      expect(items[0]?.notes).to.deep.equal([
        `The address of ${product} is not known: set dashboards.url to install into it.`,
      ]);
      expect(server.requests).to.deep.equal([]);
    });

    it('removes the panels after the dashboards that show them', async () => {
      await start();
      await setup();
      const before = server.changes.length;
      await run('uninstall');
      const deleted = server.changes.slice(before);
      expect(deleted[0]).to.match(/^DELETE \/api\/saved_objects\/dashboard\//);
      expect(deleted.at(-1)).to.equal('DELETE /api/saved_objects/index-pattern/cloudconnexa-events');
    });
  });
}
