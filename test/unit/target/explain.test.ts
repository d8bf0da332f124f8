import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { request } from 'undici';
import { ConnectorError } from '../../../src/errors.js';
import { ask } from '../../../src/target/answer.js';
import { createClient, type Client, type ClientConfig } from '../../../src/target/client.js';
import { explainFailure } from '../../../src/target/explain.js';

const pem = (name: string): string => fileURLToPath(new URL(`../../support/tls/${name}`, import.meta.url));
const read = (name: string): string => readFileSync(pem(name), 'utf8');
const server = { key: read('server.key'), cert: read('server.pem') + read('inter.pem') };
const self = { key: read('self.key'), cert: read('self.pem') };

describe('explaining a failure', () => {
  const servers: Server[] = [];
  const clients: Client[] = [];

  async function listen(one: Server): Promise<number> {
    servers.push(one);
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return (one.address() as AddressInfo).port;
  }
  const answering = (status: number, body: string, type = 'application/json'): RequestListener => {
    return (_request, response) => response.writeHead(status, { 'content-type': type }).end(body);
  };
  async function http(listener: RequestListener): Promise<string> {
    return `http://127.0.0.1:${await listen(createHttp(listener))}`;
  }
  /** What `GET /` at the host fails with, through the client. */
  async function failure(host: string, trust: Partial<ClientConfig> = {}): Promise<unknown> {
    const client = createClient({ hosts: [host], request_timeout_s: 5, gzip: false, api_key: 'a2V5', ...trust });
    clients.push(client);
    return client.transport.request({ method: 'GET', path: '/' }).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    );
  }
  const explain = async (host: string, trust?: Partial<ClientConfig>): Promise<ConnectorError> =>
    explainFailure(await failure(host, trust), host);

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.close()));
    for (const one of servers.splice(0)) {
      if ('closeAllConnections' in one) (one as HttpServer).closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    }
  });

  it('says that a connection is refused', async () => {
    const port = await listen(createTcp());
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    const error = await explain(`http://127.0.0.1:${port}`);
    expect(error).to.include({ code: 'CCX_OUTPUT_UNREACHABLE', place: `http://127.0.0.1:${port}` });
    expect(error.message).to.contain('refused');
  });

  it('says so for a name with several addresses, too', async () => {
    const port = await listen(createTcp());
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect((await explain(`http://localhost:${port}`)).message).to.contain('refused');
  });

  it('says that a name is not found', async () => {
    expect((await explain('http://no-such-host.invalid')).message).to.contain('host name is not found');
  });

  it('says that the server hung up', async () => {
    const port = await listen(createTcp((socket) => socket.destroy()));
    expect(await explain(`http://127.0.0.1:${port}`)).to.include({ code: 'CCX_OUTPUT_UNREACHABLE' });
    expect((await explain(`http://127.0.0.1:${port}`)).message).to.contain('closed the connection');
  });

  it('says that the answer did not come in time', async () => {
    const host = await http(() => undefined);
    expect((await explain(host, { request_timeout_s: 0.1 })).message).to.contain('in time');
  });

  it('says that the server does not speak TLS', async () => {
    const host = (await http(answering(200, '{}'))).replace('http:', 'https:');
    const error = await explain(host);
    expect(error.code).to.equal('CCX_OUTPUT_TLS');
    expect(error.remedy).to.contain('http://');
  });

  it('points to https when a TLS server gets plain http', async () => {
    const port = await listen(createHttps(server, answering(200, '{}')));
    expect((await explain(`http://127.0.0.1:${port}`)).remedy).to.contain('https://');
  });

  it('says that the CA is unknown, and how to give it', async () => {
    const port = await listen(createHttps(server, answering(200, '{}')));
    const error = await explain(`https://127.0.0.1:${port}`);
    expect(error.code).to.equal('CCX_OUTPUT_TLS');
    expect(error.message).to.contain('not trusted');
    expect(error.remedy).to.contain('output.ca');
  });

  it('says the same of a self-signed certificate', async () => {
    const port = await listen(createHttps(self, answering(200, '{}')));
    expect((await explain(`https://127.0.0.1:${port}`)).message).to.contain('not trusted');
  });

  it('says that the certificate is for another name', async () => {
    const port = await listen(createHttps(self, answering(200, '{}')));
    const error = await explain(`https://127.0.0.1:${port}`, { ca: pem('self.pem') });
    expect(error.message).to.contain('another host name');
  });

  it('says that the fingerprint is another', async () => {
    const port = await listen(createHttps(server, answering(200, '{}')));
    const error = await explain(`https://127.0.0.1:${port}`, { ca_fingerprint: 'ab'.repeat(32) });
    expect(error.message).to.contain('output.ca_fingerprint');
  });

  it('says that the server does not speak HTTP', async () => {
    const port = await listen(createTcp((socket) => socket.resume().end('This is not an HTTP port')));
    expect((await explain(`http://127.0.0.1:${port}`)).code).to.equal('CCX_OUTPUT_UNSUPPORTED');
  });

  const reason = JSON.stringify({ error: { type: 'security_exception', reason: 'no such user' } });
  const answers: [status: number, body: string, code: string, told: RegExp][] = [
    [401, reason, 'CCX_OUTPUT_DENIED', /does not accept the credentials \(401\): no such user/],
    [403, reason, 'CCX_OUTPUT_DENIED', /lack a privilege \(403\): no such user/],
    [429, '{}', 'CCX_OUTPUT_UNREACHABLE', /cannot work now \(429\)/],
    [503, '{}', 'CCX_OUTPUT_UNREACHABLE', /cannot work now \(503\)/],
    [400, reason, 'CCX_OUTPUT_REFUSED', /refuses the request \(400\): no such user/],
  ];
  for (const [status, body, code, told] of answers) {
    it(`explains the status ${status}`, async () => {
      const error = await explain(await http(answering(status, body)));
      expect(error.code).to.equal(code);
      expect(error.message).to.match(told);
    });
  }

  const denials: [who: string, reason: string, code: string, fix: string][] = [
    [
      'Elasticsearch',
      'action [indices:admin/index_template/get] is unauthorized for user [a] with effective roles [b], this action is granted by the cluster privileges [manage_index_templates,monitor,manage,all]',
      'CCX_OUTPUT_DENIED',
      'Grant the user, key or role one of the cluster privileges manage_index_templates, monitor, manage, all; manifest.json lists the least that each command needs.',
    ],
    [
      'OpenSearch',
      'no permissions for [cluster:monitor/health] and User [name=a, backend_roles=[], requestedTenant=null]',
      'CCX_OUTPUT_DENIED',
      'Grant a role of the user the permission cluster:monitor/health; manifest.json lists what each command needs.',
    ],
    [
      'OpenSearch about an item',
      'no permissions for [indices:data/write/bulk[s]] and User [name=a, backend_roles=[], requestedTenant=null]',
      'CCX_OUTPUT_DENIED',
      'Grant a role of the user the permission indices:data/write/bulk[s]; manifest.json lists what each command needs.',
    ],
    [
      'an index block',
      'index [i-000001] blocked by: [FORBIDDEN/8/index write (api)];',
      'CCX_OUTPUT_READ_ONLY',
      'Find out who set index.blocks.write, and lift it: PUT /i-000001/_settings {"index.blocks.write": null}.',
    ],
  ];
  for (const [who, text, code, fix] of denials) {
    it(`says what to do about a 403 of ${who}`, async () => {
      const type = code === 'CCX_OUTPUT_READ_ONLY' ? 'cluster_block_exception' : 'security_exception';
      const body = JSON.stringify({ error: { type, reason: text } });
      const error = await explain(await http(answering(403, body)));
      expect(error).to.include({ code, remedy: fix });
    });
  }

  it('says that a web page is no engine', async () => {
    const error = await explain(await http(answering(404, '<html>', 'text/html')));
    expect(error.code).to.equal('CCX_OUTPUT_UNSUPPORTED');
  });

  it('blames no credentials for what Kibana refuses, to a command that asks for an answer', async () => {
    const listener: RequestListener = (_request, response) =>
      response.writeHead(401, { 'content-type': 'application/json', 'kbn-name': 'k' }).end('{"error":"Unauthorized"}');
    const client = createClient({ hosts: [await http(listener)], request_timeout_s: 5, gzip: false });
    clients.push(client);
    const error: unknown = await ask(client, 'GET', '/').catch((one: unknown) => one);
    expect(error).to.include({ code: 'CCX_OUTPUT_UNSUPPORTED' }).and.have.property('message').that.contains('Kibana');
  });

  it('says that broken JSON is no engine', async () => {
    expect((await explain(await http(answering(200, '{')))).code).to.equal('CCX_OUTPUT_UNSUPPORTED');
  });

  it('explains errors of undici itself', async () => {
    const port = await listen(createTcp((socket) => socket.destroy()));
    const error: unknown = await request(`http://127.0.0.1:${port}`).catch((one: unknown) => one);
    expect(explainFailure(error, 'x').message).to.contain('closed the connection');
  });

  it('explains errors of fetch, which hides the reason in its cause', async () => {
    const error: unknown = await fetch('http://no-such-host.invalid').catch((one: unknown) => one);
    expect(explainFailure(error, 'x').message).to.contain('host name is not found');
  });

  it('explains the cause of an error of ours', async () => {
    const client = createClient({ hosts: ['http://no-such-host.invalid'], request_timeout_s: 5, gzip: false });
    clients.push(client);
    const error: unknown = await ask(client, 'GET', '/').catch((one: unknown) => one);
    expect(explainFailure(error, 'x').message).to.contain('host name is not found');
  });

  it('leaves other errors of ours as they are', () => {
    const error = new ConnectorError('CCX_CONFIG_INVALID', 'm');
    expect(explainFailure(error, 'x')).to.equal(error);
  });

  it('calls what it does not know CCX_INTERNAL', () => {
    expect(explainFailure(new TypeError('x is undefined'), 'x').code).to.equal('CCX_INTERNAL');
  });
});
