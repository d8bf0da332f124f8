import { expect } from 'chai';
import { Agent, request } from 'undici';
import { rootCertificates } from 'node:tls';
import { basicAuthorization } from '../support/secured-engine.js';
import { forEachSecured, securedUsers } from '../support/secured-matrix.js';

const stream = 'logs-cloudconnexa.flow-security';
const template = { index_patterns: [stream], priority: 900, data_stream: {} };

interface Asked {
  readonly user?: string;
  readonly password: string;
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: string;
}

interface BulkAnswer {
  readonly items: readonly { readonly create: { readonly status: number } }[];
}

forEachSecured('the security', (running) => {
  let agent: Agent;

  const ask = async ({ user = 'shipper', password, method = 'GET', path, body }: Asked) => {
    const headers = {
      authorization: basicAuthorization(user, password),
      'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json',
    };
    const answer = await request(running().url + path, { dispatcher: agent, method, headers, body: body ?? null });
    const text = await answer.body.text();
    // OpenSearch's 401 has a word for a body.
    return { status: answer.statusCode, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  const create = (index: string): Promise<{ status: number; body: unknown }> => {
    const body = `{"create":{"_index":"${index}"}}\n{"@timestamp":"2026-01-01T00:00:00Z"}\n`;
    return ask({ password: securedUsers.shipper.password, method: 'POST', path: '/_bulk', body });
  };

  before(async function () {
    this.timeout(60_000);
    agent = new Agent({ connect: { ca: running().ca } });
    const body = JSON.stringify(template);
    const path = '/_index_template/ccx-security';
    const answer = await ask({
      user: 'installer',
      password: securedUsers.installer.password,
      method: 'PUT',
      path,
      body,
    });
    expect(answer.status).to.equal(200);
  });
  after(() => agent?.close());

  it('lets a create_doc user write to its data stream', async () => {
    const answer = await create(stream);
    expect((answer.body as BulkAnswer).items[0]?.create.status).to.equal(201);
  });

  it('answers 403 for the item when that user writes elsewhere, and 200 for the request', async () => {
    const answer = await create('elsewhere');
    expect(answer.status).to.equal(200);
    expect((answer.body as BulkAnswer).items[0]?.create.status).to.equal(403);
  });

  it('answers 403 when that user searches', async () => {
    expect((await ask({ password: securedUsers.shipper.password, path: `/${stream}/_search` })).status).to.equal(403);
  });

  it('answers 403 when that user asks for the nodes', async () => {
    expect((await ask({ password: securedUsers.shipper.password, path: '/_nodes/_local' })).status).to.equal(403);
  });

  it('answers 401 to a wrong password', async () => {
    expect((await ask({ password: 'wrong', path: '/_cluster/health' })).status).to.equal(401);
  });

  it('cannot be talked to without its CA', async () => {
    const strangers = new Agent({ connect: { ca: [...rootCertificates] } });
    const fault: unknown = await request(running().url, { dispatcher: strangers }).catch((error: unknown) => error);
    await strangers.close();
    expect(fault).to.have.property('code', 'SELF_SIGNED_CERT_IN_CHAIN');
  });
});
