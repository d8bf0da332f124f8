import { expect } from 'chai';
import { denied, elastic, healthy, opensearchRoot, testOutput } from '../../support/output-check.js';
import { scriptedServer, type Script, type Scripted } from '../../support/scripted-server.js';

describe('test output, to a user that may only ship', () => {
  const shipOnly: Script = {
    ...healthy,
    'GET /': { ...denied(), headers: elastic },
    'GET /_nodes': denied(),
    'GET /_index_template': denied(),
    'GET /logs-cloudconnexa': denied(),
    'GET /_cluster': denied(),
    'GET /_cluster/health?': denied(),
    'GET /_cluster/settings': denied(),
    'GET /_index_template/logs-cloudconnexa': denied(),
    'GET /logs-cloudconnexa.*-default/_settings': denied(),
    'GET /_cat/health': denied(),
  };
  const simulated = (doc: object): Script => ({ 'POST /_ingest/': { body: { docs: [{ doc }] } } });

  it('says what is unknown and what would tell, and ends with 0', async () => {
    const host = await scriptedServer(shipOnly);
    const { code, text } = await testOutput([host]);
    expect(text).to.equal(
      `ok      ${host}: elasticsearch, plain http, not encrypted\n` +
        'ok      privileges: the credentials may ship events\n' +
        'unknown templates: the credentials may not look; the cluster privilege monitor would tell; status, with a user that may look, shows them\n' +
        'unknown data streams: the credentials may not look; the index privilege view_index_metadata on logs-cloudconnexa.*-* would tell\n' +
        'unknown cluster: the credentials may not look; the cluster privilege monitor would tell\n' +
        'unknown clock: the cluster does not tell its time; the cluster privilege monitor would tell\n',
    );
    expect(code).to.equal(0);
  });

  const documents: [what: string, doc: object, told: string, code: number][] = [
    [
      'that a mapping of ours refuses a document tried (Elasticsearch 8)',
      { error: { reason: 'failed to parse field [cloudconnexa.allowed] of type [boolean]' } },
      'ok      templates: logs-cloudconnexa.flow-default has, or will get, the types of our template\n',
      0,
    ],
    [
      'that a mapping of ours is in effect (Elasticsearch 9)',
      { effective_mapping: { _doc: { properties: { cloudconnexa: {} } } } },
      'ok      templates: logs-cloudconnexa.flow-default has, or will get, the types of our template\n',
      0,
    ],
    [
      'that no template is in effect (Elasticsearch 9)',
      { effective_mapping: {} },
      'missing templates: CCX_SETUP_MISSING: the index template logs-cloudconnexa is not installed\n',
      1,
    ],
    ['that nothing is known', {}, 'unknown templates: the credentials may not look', 0],
  ];
  for (const [what, doc, told, code] of documents) {
    it(`says ${what}`, async () => {
      const script = { 'POST /_ingest/logs-cloudconnexa.flow-default/_simulate': { body: { docs: [{ doc }] } } };
      const said = await testOutput([await scriptedServer({ ...shipOnly, ...simulated(doc), ...script })]);
      expect(said.text).to.contain(told);
      expect(said.code).to.equal(code);
    });
  }

  it('says that OpenSearch does not tell', async () => {
    const { code, text } = await testOutput([await scriptedServer({ ...shipOnly, 'GET /': opensearchRoot })]);
    expect(text)
      .to.match(/unknown privileges: OpenSearch/)
      .and.contain('the cluster permission indices:admin/index_template/get would tell')
      .and.contain('the index permission indices:monitor/settings/get on logs-cloudconnexa.*-* would tell');
    expect(code).to.equal(0);
  });

  const onOpenSearch = (roles: readonly string[], more: Script = {}): Script => ({
    ...shipOnly,
    'GET /': opensearchRoot,
    'GET /_plugins/_security/authinfo': { body: { user_name: 'shipper', roles } },
    ...more,
  });
  const lacks = (names: string): object => ({
    error: {
      type: 'security_exception',
      reason: `no permissions for [${names}] and User [name=shipper, backend_roles=[]]`,
    },
  });
  const item = (status: number, error: object): Scripted => ({
    body: { errors: true, items: [{ create: { status, ...error } }] },
  });

  for (const [roles, told] of [
    [['cloudconnexa_ship'], 'role cloudconnexa_ship'],
    [['cloudconnexa_ship', 'own_index'], 'roles cloudconnexa_ship, own_index'],
    [[], 'no role'],
  ] as const) {
    it(`names the user of OpenSearch, who has ${told}, and what is open before the first event`, async () => {
      const { code, text } = await testOutput([await scriptedServer(onOpenSearch(roles))]);
      expect(text).to.contain(`unknown privileges: the user shipper (${told}) may send events; whether`);
      expect(code).to.equal(0);
    });
  }

  it('ends with 1 where OpenSearch refuses bulk requests and writing to the data stream', async () => {
    const script = onOpenSearch(['own_index'], {
      'PUT /logs-cloudconnexa.flow-default/_mapping': { status: 403, body: lacks('indices:admin/mapping/put') },
      'POST /_bulk': { status: 403, body: lacks('indices:data/write/bulk') },
    });
    const { code, text } = await testOutput([await scriptedServer(script)]);
    expect(text).to.contain(
      'missing privileges: CCX_OUTPUT_DENIED: the user shipper (role own_index) lacks ' +
        'indices:admin/mapping/put on logs-cloudconnexa.flow-default, indices:data/write/bulk\n',
    );
    expect(code).to.equal(1);
  });

  const written = { 'PUT /logs-cloudconnexa.flow-default/_mapping': { body: { acknowledged: true } } };

  it('ends with 1 where OpenSearch refuses the event alone', async () => {
    const answer = item(403, lacks('indices:data/write/bulk[s], indices:data/write/index'));
    const { code, text } = await testOutput([
      await scriptedServer(onOpenSearch([], { ...written, 'POST /_bulk': answer })),
    ]);
    expect(text).to.contain(
      'lacks indices:data/write/bulk[s] on logs-cloudconnexa.flow-default, indices:data/write/index on logs',
    );
    expect(code).to.equal(1);
  });

  it('knows that events may be shipped where one is refused for what it is', async () => {
    const answer = item(400, { error: { type: 'mapper_parsing_exception', reason: 'failed to parse' } });
    const { code, text } = await testOutput([
      await scriptedServer(onOpenSearch(['ship'], { ...written, 'POST /_bulk': answer })),
    ]);
    expect(text).to.contain('ok      privileges: the user shipper (role ship) may ship events\n');
    expect(code).to.equal(0);
  });
});
