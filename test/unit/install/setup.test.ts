import { expect } from 'chai';
import { setupCommand, type SetupOptions } from '../../../src/commands/setup.js';
import { ConnectorError } from '../../../src/errors.js';
import { contextFor, startCluster, type Cluster, type ClusterOptions } from './cluster.js';

describe('setup', () => {
  let cluster: Cluster;

  afterEach(() => cluster.close());

  async function start(options: ClusterOptions): Promise<void> {
    cluster = await startCluster(options);
  }

  async function setup(options: Partial<SetupOptions> = {}, lifecycle: { delete_after_days?: number } = {}) {
    const { context, stdout, stderr } = contextFor(cluster.url, { lifecycle });
    const all = { dryRun: false, only: [], json: false, force: false, ...options };
    const code = await setupCommand(all, context);
    return { code, stdout: stdout(), stderr: stderr() };
  }

  async function failure(options: Partial<SetupOptions> = {}): Promise<ConnectorError> {
    try {
      await setup(options);
    } catch (error) {
      if (error instanceof ConnectorError) return error;
      throw error;
    }
    throw new Error('setup did not fail');
  }

  function storedText(path: string): string {
    return JSON.stringify(cluster.stored.get(path)?.body);
  }

  it('installs the policy, the pipeline and the templates on Elasticsearch, what is referred to first', async () => {
    await start({ engine: 'elasticsearch' });
    const { code } = await setup();
    expect(code).to.equal(0);
    expect(cluster.changes).to.deep.equal([
      'PUT /_ilm/policy/logs-cloudconnexa@lifecycle',
      'PUT /_ingest/pipeline/logs-cloudconnexa@pipeline',
      'PUT /_component_template/logs-cloudconnexa@mappings',
      'PUT /_component_template/logs-cloudconnexa@settings',
      'PUT /_index_template/logs-cloudconnexa',
    ]);
  });

  it('names the lifecycle policy and the pipeline in the settings on Elasticsearch', async () => {
    await start({ engine: 'elasticsearch' });
    await setup();
    const settings = storedText('/_component_template/logs-cloudconnexa@settings');
    expect(settings).to.contain('"lifecycle":{"name":"logs-cloudconnexa@lifecycle"}');
    expect(settings).to.contain('"default_pipeline":"logs-cloudconnexa@pipeline"');
  });

  it('installs an ISM policy on OpenSearch and does not name it in the settings', async () => {
    await start({ engine: 'opensearch' });
    await setup();
    expect(cluster.changes[0]).to.equal('PUT /_plugins/_ism/policies/logs-cloudconnexa@lifecycle');
    expect(storedText('/_component_template/logs-cloudconnexa@settings')).not.to.contain('"lifecycle"');
  });

  it('sets the retention in the template where a cluster has data stream lifecycles only', async () => {
    await start({ engine: 'elasticsearch', lacks: ['ilm'], flavor: 'serverless' });
    const { stdout } = await setup();
    expect(storedText('/_component_template/logs-cloudconnexa@settings')).to.contain('"data_retention":"365d"');
    expect(stdout).to.contain('Elasticsearch 8.19.4 (serverless)');
  });

  for (const engine of ['elasticsearch', 'opensearch'] as const) {
    it(`changes nothing when run again on ${engine}, whatever defaults the cluster adds`, async () => {
      await start({ engine });
      await setup();
      const before = cluster.changes.length;
      const { stdout } = await setup();
      expect(cluster.changes).to.have.length(before);
      expect(stdout).to.match(/\n5 unchanged, 2 left out\.\n$/);
    });
  }

  it('updates only the asset whose setting has changed, and shows the path', async () => {
    await start({ engine: 'elasticsearch' });
    await setup();
    const before = cluster.changes.length;
    const { stdout } = await setup({}, { delete_after_days: 90 });
    expect(cluster.changes.slice(before)).to.deep.equal(['PUT /_ilm/policy/logs-cloudconnexa@lifecycle']);
    expect(stdout).to.contain('~ policy.phases.delete.min_age: "365d" -> "90d"');
  });

  it('updates an ISM policy by the revision it has seen, and moves managed indices to it', async () => {
    await start({ engine: 'opensearch', streams: { 'logs-cloudconnexa.flow-default': 3 } });
    await setup();
    const before = cluster.changes.length;
    const { stderr } = await setup({}, { delete_after_days: 90 });
    expect(cluster.changes.slice(before)).to.deep.equal([
      'PUT /_plugins/_ism/policies/logs-cloudconnexa@lifecycle?if_seq_no=7&if_primary_term=1',
      'POST /_plugins/_ism/add/.ds-logs-cloudconnexa.flow-default-000001',
      'POST /_plugins/_ism/change_policy/.ds-logs-cloudconnexa.flow-default-000001',
    ]);
    expect(stderr).to.contain('renewed for 1 existing indices');
  });

  it('says which indices an ISM policy could not be added to', async () => {
    const streams = { 'logs-cloudconnexa.flow-a': 1, 'logs-cloudconnexa.flow-b': 1 };
    await start({ engine: 'opensearch', streams });
    const { stderr } = await setup();
    expect(stderr).to.contain('not for .ds-logs-cloudconnexa.flow-b-000001 (This index already has a policy)');
  });

  it('brings new fields to the write index of existing data streams', async () => {
    await start({ engine: 'elasticsearch', streams: { 'logs-cloudconnexa.flow-default': 1 } });
    const { stderr } = await setup();
    expect(cluster.changes).to.include('PUT /logs-cloudconnexa.flow-default/_mapping?write_index_only=true');
    expect(stderr).to.contain('logs-cloudconnexa.flow-default: the new mapping is in force.');
  });

  it('says when a mapping cannot change the present index', async () => {
    await start({ engine: 'elasticsearch', streams: { 'logs-cloudconnexa.flow-default': 1 }, breaks: /_mapping/ });
    const { code, stderr } = await setup();
    expect(code).to.equal(0);
    expect(stderr).to.contain('takes effect at the next rollover; for the present index the cluster says: broken');
  });

  it('changes nothing in a dry run', async () => {
    await start({ engine: 'elasticsearch' });
    const { stdout } = await setup({ dryRun: true });
    expect(cluster.changes).to.deep.equal([]);
    expect(stdout).to.contain('5 to create, 2 left out.');
  });

  it('prints the plan as JSON with every capability', async () => {
    await start({ engine: 'opensearch' });
    const { stdout } = await setup({ dryRun: true, json: true });
    const plan = JSON.parse(stdout) as { assets: { action: string }[]; capabilities: Record<string, object> };
    expect(plan.assets.map(({ action }) => action)).to.deep.equal([
      ...Array<string>(5).fill('create'),
      'left_out',
      'left_out',
    ]);
    expect(plan.capabilities['ism']).to.deep.include({ state: 'present' });
  });

  it('installs one kind only when asked to', async () => {
    await start({ engine: 'elasticsearch' });
    await setup({ only: ['pipeline'] });
    expect(cluster.changes).to.deep.equal(['PUT /_ingest/pipeline/logs-cloudconnexa@pipeline']);
  });

  it('names no pipeline in the settings while there is none, because every event would be refused', async () => {
    await start({ engine: 'elasticsearch' });
    await setup({ only: ['templates'] });
    expect(storedText('/_component_template/logs-cloudconnexa@settings')).not.to.contain('default_pipeline');
  });

  it('keeps the pipeline in the settings when only the templates are set up again', async () => {
    await start({ engine: 'elasticsearch' });
    await setup();
    const { stdout } = await setup({ only: ['templates'] });
    expect(stdout).to.contain('3 unchanged, 4 left out.');
  });

  it('refuses an unknown kind and names the known ones', async () => {
    await start({ engine: 'elasticsearch' });
    const error = await failure({ only: ['dashboard'] });
    expect(error.code).to.equal('CCX_USAGE');
    expect(error.remedy).to.contain('lifecycle, pipeline, templates, dashboards, rules');
  });

  it('does not touch a foreign object of the same name, nor anything else', async () => {
    await start({ engine: 'elasticsearch' });
    cluster.stored.set('/_index_template/logs-cloudconnexa', { body: { index_patterns: ['x'] }, seqNo: 1 });
    const error = await failure();
    expect(error.code).to.equal('CCX_ASSET_FOREIGN');
    expect(error.message).to.contain('index template logs-cloudconnexa');
    expect(cluster.changes).to.deep.equal([]);
  });

  it('replaces a foreign object with --force', async () => {
    await start({ engine: 'elasticsearch' });
    cluster.stored.set('/_index_template/logs-cloudconnexa', { body: { index_patterns: ['x'] }, seqNo: 1 });
    const { code } = await setup({ force: true });
    expect(code).to.equal(0);
    expect(storedText('/_index_template/logs-cloudconnexa')).to.contain('logs-cloudconnexa.*-*');
  });

  it('leaves out what the cluster lacks and says why', async () => {
    await start({ engine: 'opensearch', lacks: ['ism', 'ingest_pipeline'] });
    const { code, stdout } = await setup();
    expect(code).to.equal(0);
    expect(stdout).to.contain('The cluster does not have index state management (ISM) (no handler found');
    expect(stdout).to.contain('ingest_pipeline is unknown here');
  });

  it('tells a missing privilege from a missing capability, and exits 1', async () => {
    await start({ engine: 'elasticsearch', denies: /_ilm/ });
    const { code, stdout } = await setup();
    expect(code).to.equal(1);
    expect(stdout).to.contain('left out   ILM policy');
    expect(stdout).to.contain('is unauthorized');
  });

  it('keeps installed assets as they are when the credentials do not show what they are built for', async () => {
    await start({ engine: 'elasticsearch' });
    await setup();
    const url = cluster.stored;
    await cluster.close();
    await start({ engine: 'elasticsearch', denies: /_ingest\/pipeline\/_simulate|_ilm/ });
    for (const [path, entry] of url) cluster.stored.set(path, entry);
    const { stdout } = await setup();
    expect(cluster.changes).to.deep.equal([]);
    expect(stdout).to.contain('cluster privilege manage_ingest_pipelines is missing');
  });

  it('does not replace a newer version', async () => {
    await start({ engine: 'elasticsearch' });
    const body = { _meta: { managed_by: 'cloudconnexa-ecs', version: 99 } };
    cluster.stored.set('/_index_template/logs-cloudconnexa', { body, seqNo: 1 });
    const { stdout } = await setup();
    expect(stdout).to.contain('installed version 99 is newer than version 1');
    expect(storedText('/_index_template/logs-cloudconnexa')).to.contain('99');
  });

  it('stops at the first refusal with the asset, the reason of the cluster and a remedy', async () => {
    await start({ engine: 'elasticsearch', breaks: /PUT \/_component_template\/.*settings/ });
    const error = await failure();
    expect(error.code).to.equal('CCX_ASSET_REFUSED');
    expect(error.message).to.contain('component template logs-cloudconnexa@settings was not stored: broken on purpose');
    expect(cluster.changes.at(-1)).to.contain('@settings');
  });

  it('turns away a version that it does not work with', async () => {
    await start({ engine: 'elasticsearch', version: '7.17.9' });
    const error = await failure();
    expect(error.code).to.equal('CCX_OUTPUT_UNSUPPORTED');
    expect(error.message).to.contain('elasticsearch 7.17.9; >=8 <10 is needed');
  });

  it("calls the user's own assets on OpenSearch once they exist", async () => {
    await start({ engine: 'opensearch' });
    cluster.stored.set('/_component_template/logs-cloudconnexa@custom', { body: {}, seqNo: 1 });
    cluster.stored.set('/_ingest/pipeline/logs-cloudconnexa@custom', { body: {}, seqNo: 1 });
    await setup();
    expect(storedText('/_index_template/logs-cloudconnexa')).to.contain('logs-cloudconnexa@custom');
    expect(storedText('/_ingest/pipeline/logs-cloudconnexa@pipeline')).to.contain('logs-cloudconnexa@custom');
  });
});
