import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { capabilityNames, fullTarget, sendsIngested, type Target } from '../../../src/target/capability.js';
import { createClient } from '../../../src/target/client.js';
import { detectCapabilities, type DetectOptions } from '../../../src/target/detect.js';
import { startCluster, type Cluster, type ClusterOptions } from '../install/cluster.js';

describe('detectCapabilities', () => {
  let cluster: Cluster;

  afterEach(() => cluster.close());

  async function detect(options: ClusterOptions, how: DetectOptions = {}): Promise<Target> {
    cluster = await startCluster(options);
    const client = createClient({
      hosts: [cluster.url],
      request_timeout_s: 10,
      gzip: false,
    });
    try {
      return await detectCapabilities(client, how);
    } finally {
      await client.close();
    }
  }

  async function failure(options: ClusterOptions, how: DetectOptions = {}): Promise<ConnectorError> {
    const error: unknown = await detect(options, how).catch((caught: unknown) => caught);
    if (error instanceof ConnectorError) return error;
    throw new Error('it did not fail as expected', { cause: error });
  }

  for (const engine of ['elasticsearch', 'opensearch'] as const) {
    it(`finds everything that a complete ${engine} has`, async () => {
      const { capabilities, engine: found } = await detect({ engine, alerting: true });
      expect(found).to.equal(engine);
      expect([...capabilities]).to.have.members([...fullTarget(engine).capabilities]);
    });
  }

  it('changes nothing on the cluster', async () => {
    await detect({ engine: 'elasticsearch' });
    expect(cluster.changes).to.deep.equal([]);
  });

  it('has a finding for every capability', async () => {
    const { findings } = await detect({ engine: 'opensearch' });
    expect([...findings.keys()]).to.have.members(capabilityNames);
  });

  it('keeps what the cluster says about a missing one', async () => {
    const { findings } = await detect({ engine: 'elasticsearch', lacks: ['flattened'] });
    expect(findings.get('flattened')).to.deep.equal({ state: 'absent', detail: 'flattened is unknown here' });
  });

  it('names the privilege where the cluster does not let it look', async () => {
    const { findings, capabilities } = await detect({ engine: 'opensearch', denies: /_ism/ });
    expect(capabilities.has('ism')).to.be.false;
    expect(findings.get('ism')).to.deep.equal({
      state: 'unknown',
      detail: 'could not find out: the cluster permission cluster:admin/opendistro/ism/policy/* is missing',
    });
  });

  it('does not ask one engine for what only the other has', async () => {
    await detect({ engine: 'opensearch' });
    expect(cluster.requests.filter((line) => line.includes('_ilm'))).to.deep.equal([]);
  });

  it('asks for nothing but what it is told to look for', async () => {
    const { findings } = await detect({ engine: 'elasticsearch' }, { only: ['ilm'] });
    expect([...findings.keys()]).to.deep.equal(['ilm']);
    expect(cluster.requests).to.have.length(2);
  });

  it('knows Elasticsearch by its header where GET / is refused', async () => {
    const { engine, version } = await detect({ engine: 'elasticsearch', denies: /GET \/$|_nodes/ }, { only: [] });
    expect([engine, version]).to.deep.equal(['elasticsearch', undefined]);
  });

  it('asks for output.engine where an engine without that header refuses GET /', async () => {
    const { code, remedy } = await failure({ engine: 'opensearch', denies: /GET \/$/ });
    expect(code).to.equal('CCX_OUTPUT_DENIED');
    expect(remedy).to.contain('set output.engine');
  });

  it('believes output.engine', async () => {
    const how = { engine: 'opensearch', only: [] } as const;
    expect((await detect({ engine: 'opensearch', denies: /GET \/$|_nodes/ }, how)).engine).to.equal('opensearch');
  });

  for (const [engine, version] of [
    ['elasticsearch', '7.17.29'],
    ['elasticsearch', '10.0.0'],
    ['opensearch', '1.3.20'],
    ['opensearch', '4.0.0'],
  ] as const) {
    it(`turns away ${engine} ${version}`, async () => {
      const { code, message } = await failure({ engine, version });
      expect(code).to.equal('CCX_OUTPUT_UNSUPPORTED');
      expect(message).to.contain(version);
    });
  }

  it('lets the connector set event.ingested where there is no pipeline, and where nobody knows', async () => {
    expect(sendsIngested(await detect({ engine: 'opensearch' }))).to.be.false;
    await cluster.close();
    expect(sendsIngested(await detect({ engine: 'opensearch', lacks: ['ingest_pipeline'] }))).to.be.true;
    await cluster.close();
    expect(sendsIngested(await detect({ engine: 'opensearch', denies: /_ingest/ }))).to.be.true;
  });
});
