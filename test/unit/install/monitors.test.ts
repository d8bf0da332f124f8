import { expect } from 'chai';
import { monitorStore } from '../../../src/install/rules/monitor-store.js';
import { mergeMonitor, type Monitor } from '../../../src/install/rules/monitors.js';
import { loadManifest } from '../../../src/manifest.js';
import { packageJson } from '../../../src/package-root.js';
import { createClient } from '../../../src/target/client.js';
import { commandsOn } from '../../support/front-end-commands.js';
import type { CommandMore, Ended } from '../../support/front-end-suite.js';
import type { StoredMonitor } from './alerting.js';
import { startCluster, type Cluster, type ClusterOptions } from './cluster.js';

const scan = 'cloudconnexa-port-scan';

describe('monitors of OpenSearch Alerting', () => {
  let cluster: Cluster;

  afterEach(() => cluster.close());

  async function start(options: Partial<ClusterOptions> = {}): Promise<void> {
    cluster = await startCluster({ engine: 'opensearch', alerting: true, ...options });
  }

  function run(
    command: 'setup' | 'status' | 'uninstall',
    more: CommandMore & { enable?: boolean } = {},
  ): Promise<Ended> {
    return commandsOn(cluster.url, 'rules', { rules: { enable: more.enable ?? false } })(command, more);
  }

  function stored(name = 'CloudConnexa: Port scan of a host'): StoredMonitor {
    const found = [...cluster.monitors.values()].find(({ monitor }) => monitor['name'] === name);
    if (found === undefined) throw new Error(`${name} is not there`);
    return found;
  }

  /** The stored monitor with another text somewhere in its JSON. */
  function rewrite(pattern: RegExp, replacement: string): void {
    const found = stored();
    found.monitor = JSON.parse(JSON.stringify(found.monitor).replace(pattern, replacement)) as Record<string, unknown>;
  }

  const older = (): void => rewrite(/content: [0-9a-f]{12}/, 'content: 000000000000');

  it('are created disabled, each on its own', async () => {
    await start();
    const { code, items, stderr } = await run('setup');
    expect(code).to.equal(0);
    expect(items.map(({ id }) => id)).to.include(scan);
    expect(cluster.monitors.size).to.equal(items.length);
    expect(stored().monitor).to.include({ enabled: false });
    expect(stderr).to.contain(
      'Created monitor CloudConnexa: Port scan of a host, disabled: enable it in OpenSearch Dashboards.',
    );
  });

  it('run from the start with rules.enable', async () => {
    await start();
    await run('setup', { enable: true });
    expect(stored().monitor).to.include({ enabled: true });
  });

  it('are left as they are when run again, also renamed, and all is well', async () => {
    await start();
    await run('setup');
    const before = cluster.monitors.size;
    stored().monitor['name'] = 'Renamed';
    const { items } = await run('setup');
    expect(new Set(items.map(({ action }) => action))).to.deep.equal(new Set(['unchanged']));
    expect(cluster.monitors.size).to.equal(before);
    expect((await run('status')).items.every(({ state }) => state === 'ok')).to.equal(true);
  });

  it('that somebody created from our files are known as ours by setup and uninstall', async () => {
    await start();
    const path = '/_plugins/_alerting/monitors';
    const body = JSON.stringify(packageJson(`rules/generated/opensearch/${scan}.json`));
    const headers = { 'content-type': 'application/json' };
    await fetch(`${cluster.url}${path}`, { method: 'POST', headers, body });
    const { items } = await run('setup');
    expect(items.find(({ id }) => id === scan)).to.include({ action: 'unchanged' });
    expect(cluster.monitors.size).to.equal(items.length);
    await run('uninstall');
    expect(cluster.monitors.size).to.equal(0);
  });

  it('are updated by the revision that was seen, without what is the user’s', async () => {
    await start();
    await run('setup');
    const { monitor, seqNo } = stored();
    const schedule = { period: { interval: 1, unit: 'HOURS' } };
    Object.assign(monitor, { enabled: true, schedule });
    const [trigger] = monitor['triggers'] as Record<string, object>[];
    const actions = [{ name: 'mail', destination_id: 'd' }];
    const theirs = { bucket_level_trigger: { id: 'theirs', name: 'Their own' } };
    monitor['triggers'] = [
      { bucket_level_trigger: { ...trigger?.['bucket_level_trigger'], severity: '5', actions } },
      theirs,
    ];
    older();
    const { items } = await run('setup');
    expect(items.filter(({ action }) => action === 'update').map(({ id }) => id)).to.deep.equal([scan]);
    expect(cluster.changes.at(-1)).to.match(
      new RegExp(`^PUT /_plugins/_alerting/monitors/id-\\d+\\?if_seq_no=${seqNo}&if_primary_term=1$`),
    );
    const now = stored().monitor;
    expect(now).to.deep.include({ enabled: true, schedule });
    const [ours, added] = now['triggers'] as Record<string, Record<string, unknown>>[];
    expect(ours?.['bucket_level_trigger']).to.deep.include({ id: scan, severity: '3', actions });
    expect(added).to.deep.equal(theirs);
  });

  it('that somebody changes between plan and update are not overwritten', async () => {
    await start();
    await run('setup');
    older();
    const client = createClient({ hosts: [cluster.url], request_timeout_s: 10, gzip: false });
    const asset = loadManifest().assets.find(({ id }) => id === 'opensearch-monitors');
    if (asset === undefined) throw new Error('The manifest has no monitors');
    const store = monitorStore(asset, client, false);
    const look = await store.look();
    if (look.state === 'closed') throw new Error(look.why);
    stored().seqNo += 1;
    const changes = store.wanted().flatMap((wanted) => {
      const found = wanted.id === scan ? look.found.get(scan) : undefined;
      return found === undefined ? [] : [{ wanted, found }];
    });
    const error: unknown = await store.store(changes, () => undefined).catch((thrown: unknown) => thrown);
    await client.close();
    expect(error).to.include({ code: 'CCX_ASSET_REFUSED' });
    expect((error as Error).message).to.contain(`monitor ${scan}`);
  });

  it('stay off when somebody has disabled them, and that is said', async () => {
    await start();
    await run('setup');
    const { items } = await run('setup', { enable: true });
    expect(stored().monitor).to.include({ enabled: false });
    expect(items[0]?.notes[0]).to.contain('It is disabled and stays so');
  });

  it('whose query somebody has written anew are theirs: neither updated nor doubled nor removed', async () => {
    await start();
    await run('setup');
    const before = cluster.monitors.size;
    rewrite(/"_name":"[^"]*"/, '"boost":1');
    const { code, items } = await run('setup');
    expect(code).to.equal(1);
    expect(items.find(({ id }) => id === scan)).to.include({ action: 'foreign' });
    expect(cluster.monitors.size).to.equal(before);
    await run('uninstall');
    expect([...cluster.monitors.values()].map(({ monitor }) => monitor['name'])).to.deep.equal([
      'CloudConnexa: Port scan of a host',
    ]);
  });

  it('are left out of a cluster without the plugin, which is said', async () => {
    await start({ alerting: false });
    const { code, items } = await run('setup');
    expect(code).to.equal(0);
    expect(items).to.have.length(1);
    expect(items[0]?.notes[0]).to.match(
      /^The cluster does not have the alerting plugin .* No monitors are installed\.$/,
    );
  });

  it('are left out where the privilege is missing, with exit code 1', async () => {
    await start({ denies: /_alerting/ });
    const { code, items } = await run('setup');
    expect(code).to.equal(1);
    expect(items[0]?.notes[0]).to.contain('cluster:admin/opendistro/alerting/monitor/search is missing');
  });

  it('that are refused are named with the reason of the cluster', async () => {
    await start({ breaks: /POST \/_plugins\/_alerting\/monitors$/ });
    const error: unknown = await run('setup').catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_ASSET_REFUSED' });
    expect((error as Error).message).to.match(/^monitor cloudconnexa-[\w-]+ \(.*\) was not stored: broken on purpose/);
  });

  it('are removed by uninstall', async () => {
    await start();
    await run('setup');
    await run('uninstall');
    expect(cluster.monitors.size).to.equal(0);
  });
});

describe('a monitor with what is the user’s', () => {
  it('keeps no actions of a trigger that it has no more', () => {
    const wanted: Monitor = { name: 'n', triggers: [{ bucket_level_trigger: { id: 'a', actions: [] } }] };
    const merged = mergeMonitor(wanted, { name: 'old', enabled: true });
    expect(merged).to.deep.equal({ ...wanted, enabled: true });
  });
});
