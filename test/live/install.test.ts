import type { Client } from '@elastic/elasticsearch';
import { expect } from 'chai';
import { setupCommand, type SetupOptions } from '../../src/commands/setup.js';
import { statusCommand } from '../../src/commands/status.js';
import { uninstallCommand } from '../../src/commands/uninstall.js';
import type { ConnectorError } from '../../src/errors.js';
import { ask, asObject, type Method } from '../../src/target/answer.js';
import { createClient } from '../../src/target/client.js';
import { detectCapabilities } from '../../src/target/detect.js';
import { forEachNewEngine } from '../support/engine-matrix.js';
import { contextFor } from '../unit/install/cluster.js';

const stream = 'logs-cloudconnexa.flow-install';
const assets = [
  '/_index_template/logs-cloudconnexa',
  '/_component_template/logs-cloudconnexa@mappings',
  '/_component_template/logs-cloudconnexa@settings',
  '/_ingest/pipeline/logs-cloudconnexa@pipeline',
];

/** The tests of one engine build on each other, and end with what a data stream in use does to uninstall. */
forEachNewEngine('installing assets', (engine) => {
  let client: Client;

  before(() => {
    client = createClient({
      hosts: [engine.running().url],
      request_timeout_s: 30,
      gzip: true,
    });
  });

  after(() => client.close());

  async function call(method: Method, path: string, body?: object) {
    return ask(client, method, path, body);
  }

  async function setup(options: Partial<SetupOptions> = {}) {
    const { context, stdout, stderr } = contextFor(engine.running().url);
    const code = await setupCommand({ dryRun: false, only: [], json: false, force: false, ...options }, context);
    return { code, stdout: stdout(), stderr: stderr() };
  }

  async function uninstall(data = false) {
    const { context, stdout } = contextFor(engine.running().url);
    const code = await uninstallCommand({ dryRun: false, data, json: false }, context);
    return { code, stdout: stdout() };
  }

  async function status() {
    const { context, stdout } = contextFor(engine.running().url);
    return { code: await statusCommand({ json: false }, context), stdout: stdout() };
  }

  /** Paths of our assets that are there. */
  async function installed(): Promise<string[]> {
    const answers = await Promise.all(assets.map((path) => call('GET', path)));
    return assets.filter((_, i) => answers[i]?.status === 200);
  }

  async function store(id: string, document: object) {
    const body = { '@timestamp': '2026-01-01T00:00:00.123456Z', ...document };
    return call('PUT', `/${stream}/_create/${id}?refresh=true`, body);
  }

  async function stored(id: string): Promise<Record<string, Record<string, unknown>>> {
    const { body } = await call('POST', `/${stream}/_search`, { query: { ids: { values: [id] } } });
    const { hits } = asObject(body).hits as { hits: { _source: Record<string, Record<string, unknown>> }[] };
    return hits[0]?._source ?? {};
  }

  it('knows the engine, its version and what the list of differences says', async () => {
    const target = await detectCapabilities(client);
    expect([target.engine, target.version]).to.deep.equal([engine.running().kind, engine.running().version]);
    for (const name of ['data_stream_api', 'match_only_text', 'flattened', 'flat_object', 'ilm', 'ism'] as const) {
      expect(target.capabilities.has(name), name).to.equal(engine.supports(name));
    }
    expect(target.capabilities.has('ingest_pipeline')).to.equal(engine.supports('ingest_processors'));
  });

  it('shows the plan of a dry run and changes nothing', async () => {
    const { stdout } = await setup({ dryRun: true });
    expect(stdout).to.match(/[34] to create, \d left out\./);
    expect(await installed()).to.deep.equal([]);
  });

  it('installs what the cluster can have, and says what it leaves out', async () => {
    const { code, stdout } = await setup();
    expect(code).to.equal(0);
    expect(await installed()).to.have.length(engine.supports('ingest_processors') ? 4 : 3);
    expect(stdout).to.match(/left out {3}I[LS]M policy/);
  });

  it('leaves dashboards out without an address, and rules where they cannot be, and says so', async () => {
    const { stdout } = await setup({ dryRun: true });
    expect(stdout).to.match(
      /left out {3}saved objects dashboards\/generated\/[\w-]+\.ndjson, version 1\n.*set dashboards\.url/,
    );
    expect(stdout).to.match(
      engine.running().kind === 'opensearch'
        ? /left out {3}monitors .*\n +The cluster does not have the alerting plugin/
        : /left out {3}detection rules .*\n +The address of Kibana is not known/,
    );
  });

  it('finds nothing to change when run again', async () => {
    const { stdout, stderr } = await setup();
    expect(stdout).to.match(/\n[34] unchanged, \d left out\.\n$/);
    expect(stderr).to.equal('');
  });

  it('calls a fresh installation healthy', async () => {
    const { code, stdout } = await status();
    expect(code).to.equal(0);
    expect(stdout).to.contain('ok        index template logs-cloudconnexa, version 1 of 1');
  });

  it('sees and mends an asset that somebody has changed', async () => {
    const path = '/_component_template/logs-cloudconnexa@settings';
    const template = { settings: { codec: 'default' } };
    await call('PUT', path, { template, _meta: { managed_by: 'cloudconnexa-ecs', version: 1 } });
    expect((await status()).code).to.equal(1);
    const { stdout } = await setup();
    expect(stdout).to.contain('~ template.settings.index.codec: "default" -> "best_compression"');
    expect((await status()).code).to.equal(0);
  });

  it('removes everything that it installed', async () => {
    const { code } = await uninstall();
    expect(code).to.equal(0);
    expect(await installed()).to.deep.equal([]);
  });

  it('does not touch a foreign template of the same name', async () => {
    const path = '/_component_template/logs-cloudconnexa@mappings';
    await call('PUT', path, { template: {} });
    const error: unknown = await setup().catch((caught: unknown) => caught);
    expect((error as ConnectorError).code).to.equal('CCX_ASSET_FOREIGN');
    expect(await installed()).to.deep.equal([path]);
    await uninstall();
    expect(await installed()).to.deep.equal([path]);
    await call('DELETE', path);
  });

  it('types the fields of a stored event, and keeps an event whose fields do not fit', async () => {
    await setup();
    const { status: answer } = await store('typed', {
      source: { ip: '100.96.1.34', port: 'many' },
      destination: { ip: 'not an address', port: 'none' },
      message: 'x',
    });
    expect(answer).to.equal(201);
    const { body } = await call('GET', `/${stream}/_mapping/field/destination.port,source.ip,cloudconnexa.allowed`);
    const mapped = Object.values(asObject(body))[0] as {
      mappings: Record<string, { mapping: Record<string, object> }>;
    };
    const types = Object.values(mapped.mappings).map(({ mapping }) => Object.values(mapping)[0]);
    expect(types).to.have.deep.members([{ type: 'long' }, { type: 'ip' }, { type: 'boolean', index: false }]);
  });

  it('gives an event back as it was sent, and has an index for its time', async function () {
    expect((await stored('typed'))['@timestamp']).to.equal('2026-01-01T00:00:00.123456Z');
    if (engine.running().kind === 'opensearch') return;
    const settings = Object.values(asObject((await call('GET', `/${stream}/_settings`)).body));
    expect(settings).to.have.length(1);
    expect(settings[0]).to.have.nested.property('settings.index.mode', 'logsdb');
    const { body } = await call('POST', `/${stream}/_disk_usage?run_expensive_tasks=true`);
    const usage = Object.values(asObject(body)).find((part) => 'fields' in asObject(part));
    const { '@timestamp': time } = asObject(usage).fields as Record<string, { points_in_bytes: number }>;
    expect(time?.points_in_bytes).to.be.above(0);
  });

  it('keeps unknown vendor fields of any shape that the engine can take', async () => {
    const nested = JSON.parse('{"k":'.repeat(300) + '1' + '}'.repeat(300)) as object;
    const unmapped = { nested, 'a.b': 1, a: { b: [[1, { c: null }], 'x', true] }, '': 2, ' ': 3 };
    expect((await store('unmapped', { cloudconnexa: { unmapped } })).status).to.equal(201);
  });

  it('does not make fields of what is new under cloudconnexa', async () => {
    await store('new', { cloudconnexa: { surprise: { a: 'b' } } });
    const { body } = await call('GET', `/${stream}/_mapping/field/cloudconnexa.surprise*`);
    expect(JSON.stringify(body)).not.to.contain('surprise');
  });

  engine.itNeeds(['ingest_processors'], 'sets event.ingested, geo and AS fields in the cluster', async () => {
    await store('geo', {
      event: { ingested: '1999-01-01T00:00:00Z' },
      source: { ip: '100.96.1.34', nat: { ip: '8.8.8.8' } },
      destination: { ip: '18.221.229.81' },
    });
    const { event, source, destination } = await stored('geo');
    expect(event?.['ingested']).to.match(/^20[2-9]\d-/);
    expect(source?.['geo']).to.include({ country_iso_code: 'US' });
    expect(source?.['as']).to.deep.equal({ number: 15169, organization: { name: 'Google LLC' } });
    expect(destination?.['geo']).to.have.property('location');
  });

  engine.itNeeds(['ingest_processors'], 'keeps an event at which the pipeline fails, with the reason', async () => {
    await store('broken', { event: { kind: 'event' }, error: { message: 'first' }, source: { ip: 'nonsense' } });
    const { event, error } = await stored('broken');
    expect(event).to.include({ kind: 'pipeline_error' });
    expect(error?.['message']).to.have.length(2);
    // Of a processor with a condition OpenSearch says that it is a conditional one; the tag names it.
    expect((error?.['message'] as string[])[1]).to.match(
      /logs-cloudconnexa@pipeline: processor \S+ with tag geo_source_ip failed/,
    );
  });

  engine.itNeeds(['ingest_processors'], "calls the user's own pipeline after setup has seen it", async () => {
    const processors = [{ set: { field: 'labels.site', value: 'mine' } }];
    await call('PUT', '/_ingest/pipeline/logs-cloudconnexa@custom', { processors });
    await setup();
    await store('custom', {});
    expect(await stored('custom')).to.have.deep.property('labels', { site: 'mine' });
  });

  it('brings a new field to an existing data stream without a rollover', async () => {
    const path = '/_component_template/logs-cloudconnexa@mappings';
    const properties = { '@timestamp': { type: 'date' } };
    await call('PUT', path, {
      template: { mappings: { properties } },
      _meta: { managed_by: 'cloudconnexa-ecs', version: 1 },
    });
    const { stderr } = await setup();
    expect(stderr).to.contain(`${stream}: the new mapping is in force.`);
  });

  it('counts the documents of the data stream', async () => {
    expect((await status()).stdout).to.match(new RegExp(` [3-9] documents in ${stream}\n`));
  });

  it('removes nothing while a data stream is there, and says what to do', async () => {
    const { code, stdout } = await uninstall();
    expect(code).to.equal(1);
    expect(stdout).to.contain(`In use by ${stream}.`);
    expect(await installed()).to.include('/_index_template/logs-cloudconnexa');
  });

  engine.itNeeds(
    ['data_stream_api'],
    'removes the data and all assets with --data, but not those of the user',
    async () => {
      const { code } = await uninstall(true);
      expect(code).to.equal(0);
      expect(await installed()).to.deep.equal([]);
      const path = '/_ingest/pipeline/logs-cloudconnexa@custom';
      expect((await call('GET', path)).status).to.equal(engine.supports('ingest_processors') ? 200 : 404);
      await call('DELETE', path);
    },
  );
});
