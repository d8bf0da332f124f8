import { expect } from 'chai';
import type { ConnectorError } from '../../../src/errors.js';
import {
  startDashboardsServer,
  type DashboardsServer,
  type DashboardsServerOptions,
} from '../../support/dashboards-server.js';
import type { StoredRule } from '../../support/detection-server.js';
import { commandsOn } from '../../support/front-end-commands.js';
import type { CommandMore, Ended } from '../../support/front-end-suite.js';
import { startCluster, type Cluster } from './cluster.js';

const scan = 'cloudconnexa-port-scan';

describe("rules of Kibana's detection engine", () => {
  let cluster: Cluster;
  let server: DashboardsServer;

  afterEach(async () => {
    await server.close();
    await cluster.close();
  });

  async function start(options: Partial<DashboardsServerOptions> = {}): Promise<void> {
    cluster = await startCluster({ engine: 'elasticsearch' });
    server = await startDashboardsServer({ product: 'Kibana', ...options });
  }

  function run(
    command: 'setup' | 'status' | 'uninstall',
    more: CommandMore & { enable?: boolean } = {},
  ): Promise<Ended> {
    const settings = { dashboards: { url: server.url }, rules: { enable: more.enable ?? false } };
    return commandsOn(cluster.url, 'rules', settings)(command, more);
  }

  function stored(id = scan): StoredRule {
    const rule = server.rules.get(id);
    if (rule === undefined) throw new Error(`${id} is not there`);
    return rule;
  }

  function edit(change: Partial<StoredRule>, id = scan): void {
    server.rules.set(id, { ...stored(id), ...change });
  }

  it('are created in one import, disabled', async () => {
    await start();
    const { code, items, stderr } = await run('setup');
    expect(code).to.equal(0);
    expect(server.changes).to.deep.equal(['POST /api/detection_engine/rules/_import']);
    expect([...server.rules.keys()]).to.have.members(items.map(({ id }) => id));
    expect(new Set([...server.rules.values()].map(({ enabled }) => enabled))).to.deep.equal(new Set([false]));
    expect(stderr).to.match(/^Created \d+ × detection rule, disabled: enable them in Kibana\.\n$/);
  });

  it('run from the start with rules.enable', async () => {
    await start();
    await run('setup', { enable: true });
    expect(new Set([...server.rules.values()].map(({ enabled }) => enabled))).to.deep.equal(new Set([true]));
  });

  it('stay off when somebody has disabled them, and that is said', async () => {
    await start();
    await run('setup', { enable: true });
    edit({ enabled: false });
    const { items } = await run('setup', { enable: true });
    expect(stored()).to.include({ enabled: false });
    expect(items.find(({ id }) => id === scan)).to.deep.include({
      action: 'unchanged',
      notes: ['It is disabled and stays so: rules.enable is for rules that are created.'],
    });
  });

  it('are left as they are when run again, whatever somebody has edited', async () => {
    await start();
    await run('setup');
    edit({ name: 'Renamed', query: '*' });
    const { items } = await run('setup');
    expect(new Set(items.map(({ action }) => action))).to.deep.equal(new Set(['unchanged']));
    expect((await run('status')).items.every(({ state }) => state === 'ok')).to.equal(true);
  });

  it('are updated to a new version without what is the user’s', async () => {
    await start();
    await run('setup');
    const { name } = stored();
    const users = {
      ...{ enabled: true, interval: '1m', from: 'now-2h', exceptions_list: [{ id: 'x' }], actions: [{ id: 'mail' }] },
      ...{ max_signals: 5 },
    };
    edit({ ...users, version: 0, name: 'Old name' });
    const { items, stderr } = await run('setup');
    expect(items.filter(({ action }) => action === 'update').map(({ id }) => id)).to.deep.equal([scan]);
    expect(stored()).to.deep.include({ ...users, version: 1, name });
    expect(stderr).to.equal(`Updated detection rule ${String(name)}.\n`);
    expect(server.changes.at(-1)).to.equal('PATCH /api/detection_engine/rules');
  });

  it('of another kind are replaced, which a patch cannot do, without what is the user’s', async () => {
    await start();
    await run('setup');
    const { type } = stored();
    edit({ type: 'eql', version: 0, enabled: true, exceptions_list: [{ id: 'x' }] });
    await run('setup');
    expect(server.changes.at(-1)).to.equal('PUT /api/detection_engine/rules');
    expect(stored()).to.deep.include({ type, version: 1, enabled: true, exceptions_list: [{ id: 'x' }] });
  });

  it('of a newer version stay, unless forced', async () => {
    await start();
    await run('setup');
    edit({ version: 99 });
    const { items } = await run('setup');
    expect(items.find(({ id }) => id === scan)).to.include({ action: 'left_out' });
    expect((await run('status')).items.find(({ id }) => id === scan)).to.include({ state: 'newer' });
    await run('setup', { force: true });
    expect(stored()).to.include({ version: 1 });
  });

  it('of somebody else stay, and are not removed', async () => {
    await start();
    server.rules.set(scan, { rule_id: scan, type: 'query', name: 'Mine', version: 1, author: ['me'] });
    const { code, items } = await run('setup');
    expect(code).to.equal(1);
    expect(items.find(({ id }) => id === scan)).to.include({ action: 'foreign' });
    expect(server.rules.size).to.equal(items.length);
    await run('uninstall');
    expect([...server.rules.keys()]).to.deep.equal([scan]);
    expect(stored()).to.include({ name: 'Mine' });
  });

  it('are left out of a Kibana without a detection engine, which is said', async () => {
    await start({ detection: false });
    const { code, items } = await run('setup');
    expect(code).to.equal(0);
    expect(items.map(({ notes }) => notes)).to.deep.equal([
      ['This Kibana has no detection engine. No rules are installed.'],
    ]);
  });

  it('are left out where the privilege is missing, with exit code 1', async () => {
    await start({ denies: /detection_engine/ });
    const { code, items } = await run('setup');
    expect(code).to.equal(1);
    expect(items[0]?.notes[0]).to.contain('Kibana does not let us read detection rules');
  });

  it('that are refused are all named with the reason', async () => {
    const errors = ['a', 'b'].map((id) => ({
      rule_id: id,
      error: { status_code: 400, message: `query of ${id} is wrong` },
    }));
    await start({
      instead: (line) => (line.includes('_import') ? [200, { success: false, success_count: 0, errors }] : undefined),
    });
    const error = (await run('setup').catch((thrown: unknown) => thrown)) as ConnectorError;
    expect(error.code).to.equal('CCX_ASSET_REFUSED');
    expect(error.message).to.contain('a: query of a is wrong (400)\n  - b: query of b is wrong (400)');
  });

  it('that are not there after a success are named', async () => {
    await start({
      instead: (line) =>
        line.includes('_import') ? [200, { success: true, success_count: 9, errors: [] }] : undefined,
    });
    const error = (await run('setup').catch((thrown: unknown) => thrown)) as ConnectorError;
    expect(error.code).to.equal('CCX_ASSET_REFUSED');
    expect(error.message).to.contain(`${scan} (CloudConnexa: Port scan of a host): it is not there`);
  });

  it('are removed by uninstall', async () => {
    await start();
    await run('setup');
    const { code } = await run('uninstall');
    expect(code).to.equal(0);
    expect(server.rules.size).to.equal(0);
  });

  it('show in the status of a Kibana that is down as a problem, beside all that the cluster has', async () => {
    await start({ starting: /./ });
    const { code, stdout } = await run('status');
    const { assets, problems } = JSON.parse(stdout) as { assets: object[]; problems: { code: string }[] };
    expect(code).to.equal(1);
    expect(assets).to.have.length(5);
    expect(problems.map((problem) => problem.code)).to.deep.equal(['CCX_DASHBOARDS_UNREACHABLE']);
  });
});
