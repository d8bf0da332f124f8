import { expect } from 'chai';
import { setupCommand } from '../../../src/commands/setup.js';
import { statusCommand } from '../../../src/commands/status.js';
import { uninstallCommand, type UninstallOptions } from '../../../src/commands/uninstall.js';
import { contextFor, startCluster, type Cluster, type ClusterOptions } from './cluster.js';

const stream = 'logs-cloudconnexa.flow-default';

describe('uninstall and status', () => {
  let cluster: Cluster;

  afterEach(() => cluster.close());

  async function installed(options: ClusterOptions): Promise<void> {
    cluster = await startCluster(options);
    const { context } = contextFor(cluster.url);
    await setupCommand({ dryRun: false, only: [], json: false, force: false }, context);
  }

  async function uninstall(options: Partial<UninstallOptions> = {}) {
    const { context, stdout } = contextFor(cluster.url);
    const before = cluster.changes.length;
    const code = await uninstallCommand({ dryRun: false, data: false, json: false, ...options }, context);
    return { code, stdout: stdout(), changes: cluster.changes.slice(before) };
  }

  async function status(lifecycle: { delete_after_days?: number } = {}) {
    const { context, stdout } = contextFor(cluster.url, { lifecycle });
    const code = await statusCommand({ json: true }, context);
    const { assets, data_streams: streams } = JSON.parse(stdout()) as {
      assets: { id: string; state: string }[];
      data_streams: object[];
    };
    return { code, states: Object.fromEntries(assets.map(({ id, state }) => [id, state])), streams };
  }

  it('removes what setup installed, last installed first', async () => {
    await installed({ engine: 'elasticsearch' });
    const { code, changes } = await uninstall();
    expect(code).to.equal(0);
    expect(changes).to.deep.equal([
      'DELETE /_index_template/logs-cloudconnexa',
      'DELETE /_component_template/logs-cloudconnexa@settings',
      'DELETE /_component_template/logs-cloudconnexa@mappings',
      'DELETE /_ingest/pipeline/logs-cloudconnexa@pipeline',
      'DELETE /_ilm/policy/logs-cloudconnexa@lifecycle',
    ]);
  });

  it('leaves foreign objects and the own assets of the user alone', async () => {
    await installed({ engine: 'opensearch' });
    cluster.stored.set('/_component_template/logs-cloudconnexa@custom', { body: {}, seqNo: 1 });
    cluster.stored.set('/_index_template/logs-cloudconnexa', { body: { index_patterns: ['x'] }, seqNo: 1 });
    await uninstall();
    expect([...cluster.stored.keys()]).to.have.members([
      '/_index_template/logs-cloudconnexa',
      '/_component_template/logs-cloudconnexa@custom',
    ]);
  });

  it('keeps everything that a data stream uses, and says what to do', async () => {
    await installed({ engine: 'elasticsearch', streams: { [stream]: 7 } });
    const { code, stdout, changes } = await uninstall();
    expect(code).to.equal(1);
    expect(changes).to.deep.equal([]);
    expect(stdout).to.contain(`keep      data stream ${stream}, 7 documents. Data is removed with --data only.`);
    expect(stdout).to.contain('or with --data, which deletes all their documents');
  });

  it('deletes the data streams first with --data', async () => {
    await installed({ engine: 'elasticsearch', streams: { [stream]: 7 } });
    const { code, stdout, changes } = await uninstall({ data: true });
    expect(code).to.equal(0);
    expect(changes.slice(0, 2)).to.deep.equal([
      `DELETE /_data_stream/${stream}`,
      'DELETE /_index_template/logs-cloudconnexa',
    ]);
    expect(stdout).to.contain('7 documents');
  });

  it('removes nothing in a dry run, not even with --data', async () => {
    await installed({ engine: 'elasticsearch', streams: { [stream]: 7 } });
    const { changes } = await uninstall({ data: true, dryRun: true });
    expect(changes).to.deep.equal([]);
  });

  it('says that a cluster without the data stream API cannot delete data', async () => {
    await installed({ engine: 'elasticsearch', lacks: ['data_stream_api'], streams: { [stream]: 7 } });
    const { code, stdout } = await uninstall({ data: true });
    expect(code).to.equal(1);
    expect(stdout).to.contain('This cluster has no API to delete a data stream.');
  });

  it('is done at once where nothing is installed', async () => {
    cluster = await startCluster({ engine: 'elasticsearch' });
    const { code, stdout, changes } = await uninstall();
    expect({ code, changes }).to.deep.equal({ code: 0, changes: [] });
    expect(stdout).to.contain('0 to remove.');
  });

  it('shows ok for everything after setup, with the documents of each data stream', async () => {
    await installed({ engine: 'elasticsearch', streams: { [stream]: 7 } });
    const { code, states, streams } = await status();
    expect(code).to.equal(0);
    expect(Object.values(states)).to.deep.equal([...Array<string>(5).fill('ok'), 'left_out', 'left_out']);
    expect(streams).to.deep.equal([{ name: stream, documents: 7 }]);
  });

  it('shows what is missing, outdated and foreign, and exits 1', async () => {
    await installed({ engine: 'elasticsearch' });
    cluster.stored.delete('/_ingest/pipeline/logs-cloudconnexa@pipeline');
    cluster.stored.set('/_index_template/logs-cloudconnexa', { body: {}, seqNo: 1 });
    const { code, states } = await status({ delete_after_days: 9 });
    expect(code).to.equal(1);
    expect(states).to.deep.equal({
      'ilm-policy': 'outdated',
      pipeline: 'missing',
      mappings: 'ok',
      settings: 'ok',
      'index-template': 'foreign',
      'kibana-dashboards': 'left_out',
      'kibana-rules': 'left_out',
    });
  });

  it('is healthy where the cluster cannot have an asset', async () => {
    await installed({ engine: 'opensearch', lacks: ['ism'] });
    const { code, states } = await status();
    expect(code).to.equal(0);
    expect(states['ism-policy']).to.equal('left_out');
  });

  it('counts by the patterns of the manifest where the streams cannot be listed', async () => {
    cluster = await startCluster({ engine: 'elasticsearch', denies: /_resolve/ });
    const { streams } = await status();
    expect(streams).to.deep.include({ name: 'logs-cloudconnexa.flow-*', documents: 0 });
  });

  it('shows how far the inputs are, also when the cluster does not answer', async () => {
    cluster = await startCluster({ engine: 'elasticsearch' });
    const { context, stdout } = contextFor(cluster.url);
    await statusCommand({ json: false }, context);
    expect(stdout()).to.match(/ {2}not run {3}stdin\n$/);
    await cluster.close();
    const gone = contextFor(cluster.url);
    const error = await statusCommand({ json: false }, gone.context).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_OUTPUT_UNREACHABLE' });
    expect(gone.stdout()).to.equal('  not run   stdin\n');
  });

  it('does not call it healthy when it may not look', async () => {
    cluster = await startCluster({ engine: 'elasticsearch', denies: /_template/ });
    const { code, states } = await status();
    expect(code).to.equal(1);
    expect(states['mappings']).to.equal('unknown');
  });
});
