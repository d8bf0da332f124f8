import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { createClient, type Client, type ClientConfig } from '../../../src/target/client.js';
import { connectFailure } from '../../../src/target/trust.js';

const secret = 'c2VjcmV0LWlkOnNlY3JldC1rZXk=';
const base = { request_timeout_s: 2, gzip: false };
type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

describe('the client', () => {
  const servers: Server[] = [];
  const clients: Client[] = [];

  async function serve(answer: Answer): Promise<string> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => answer(request, response, Buffer.concat(parts)));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function client(config: Partial<ClientConfig>): Client {
    const made = createClient({ hosts: [], ...base, ...config });
    clients.push(made);
    return made;
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  const headersSent = async (config: Partial<ClientConfig>): Promise<IncomingMessage['headers']> => {
    let seen: IncomingMessage['headers'] = {};
    const host = await serve((request, response) => {
      seen = request.headers;
      json(response, 200, {});
    });
    await client({ hosts: [host], ...config }).transport.request({ method: 'GET', path: '/' });
    return seen;
  };

  const credentials: [string, Partial<ClientConfig>, string][] = [
    ['an encoded API key', { api_key: secret }, `ApiKey ${secret}`],
    ['an API key written as id:key', { api_key: 'secret-id:secret-key' }, `ApiKey ${secret}`],
    ['a bearer token', { bearer_token: 'AAEAAWVsYXN0aWM' }, 'Bearer AAEAAWVsYXN0aWM'],
    [
      'user and password',
      { username: 'ship', password: 'pä:ss' },
      `Basic ${Buffer.from('ship:pä:ss').toString('base64')}`,
    ],
  ];
  for (const [name, config, expected] of credentials) {
    it(`sends ${name} as the exact Authorization header`, async () => {
      expect((await headersSent(config)).authorization).to.equal(expected);
    });
  }

  it('sends no Authorization header without credentials', async () => {
    expect(await headersSent({})).not.to.have.property('authorization');
  });

  it('names itself and its version and asks in plain media types', async () => {
    const headers = await headersSent({});
    expect(headers['user-agent']).to.match(/^cloudconnexa-ecs\/\d+\.\d+\.\d+/);
    expect(headers.accept).to.equal('application/json');
    expect(headers).not.to.have.property('x-elastic-client-meta');
  });

  it('takes an answer without the product header of Elasticsearch', async () => {
    const host = await serve((_, response) => json(response, 200, { version: { distribution: 'opensearch' } }));
    const info = await client({ hosts: [host] }).info();
    expect(info.version).to.have.property('distribution', 'opensearch');
  });

  it('keeps the path prefix of a host', async () => {
    let url: string | undefined;
    const host = await serve((request, response) => {
      url = request.url;
      json(response, 200, {});
    });
    await client({ hosts: [`${host}/es/`] }).transport.request({ method: 'GET', path: '/_x' });
    expect(url).to.equal('/es/_x');
  });

  it('compresses bodies when told so', async () => {
    let seen: unknown;
    const host = await serve((request, response, body) => {
      seen = [request.headers['content-encoding'], gunzipSync(body).toString()];
      json(response, 200, {});
    });
    await client({ hosts: [host], gzip: true }).transport.request({ method: 'PUT', path: '/_x', body: { a: 1 } });
    expect(seen).to.deep.equal(['gzip', '{"a":1}']);
  });

  describe('between requests', () => {
    const socketsOf = (host: string): Set<unknown> => {
      const sockets = new Set<unknown>();
      const server = servers.find((one) => host.endsWith(`:${(one.address() as AddressInfo).port}`));
      server?.on('connection', (socket: unknown) => sockets.add(socket));
      return sockets;
    };

    it('keeps its connection', async () => {
      const host = await serve((_, response) => json(response, 200, {}));
      const sockets = socketsOf(host);
      const one = client({ hosts: [host] });
      for (let i = 0; i < 20; i += 1) await one.transport.request({ method: 'GET', path: '/' });
      // A second one is made when the first is not free again at the very moment.
      expect(sockets.size).to.be.at.most(2);
    });

    it('leaves a connection before the server closes it, where that says when', async () => {
      const host = await serve((_, response) => json(response, 200, {}));
      const sockets = socketsOf(host);
      // Told as `Keep-Alive: timeout=2`.
      for (const server of servers) server.keepAliveTimeout = 2000;
      const one = client({ hosts: [host] });
      await one.transport.request({ method: 'GET', path: '/' });
      await wait(1600);
      await one.transport.request({ method: 'GET', path: '/' });
      expect(sockets.size).to.equal(2);
    });
  });

  it('goes to the other host after one was found dead, and stays there', async () => {
    const dead = await serve((_, response) => response.destroy());
    let alive = 0;
    const good = await serve((_, response) => {
      alive += 1;
      json(response, 200, {});
    });
    const both = client({ hosts: [dead, good] });
    const results = [];
    for (let i = 0; i < 6; i += 1) {
      results.push(
        await both.transport.request({ method: 'GET', path: '/' }).then(
          () => 'ok',
          () => 'failed',
        ),
      );
    }
    expect(results.filter((one) => one === 'failed').length).to.be.at.most(1);
    expect(alive).to.be.at.least(5);
  });

  it('tries dead hosts again when no other is left', async () => {
    let broken = true;
    const answer: Answer = (_, response) => void (broken ? response.destroy() : json(response, 200, {}));
    const both = client({ hosts: [await serve(answer), await serve(answer)] });
    const ask = (): Promise<string> =>
      both.transport.request({ method: 'GET', path: '/' }).then(
        () => 'ok',
        (error: Error) => error.name,
      );
    expect([await ask(), await ask(), await ask()]).to.deep.equal([
      'ConnectionError',
      'ConnectionError',
      'ConnectionError',
    ]);
    broken = false;
    expect(await ask()).to.equal('ok');
  });

  it('tells a connection that was never made from one that was lost', async () => {
    const host = await serve((_, response) => response.destroy());
    const failure = (one: string): Promise<unknown> =>
      client({ hosts: [one] })
        .transport.request({ method: 'GET', path: '/' })
        .catch((error: unknown) => error);
    expect(connectFailure(await failure('http://127.0.0.1:1'))?.reason).to.equal('ECONNREFUSED');
    const lost = await failure(host);
    expect(lost).to.have.property('name', 'ConnectionError');
    expect(connectFailure(lost)).to.equal(undefined);
  });

  const failures: [string, Answer][] = [
    ['401', (_, response) => json(response, 401, { error: { type: 'security_exception', reason: 'unable' } })],
    ['403', (_, response) => json(response, 403, { error: { type: 'security_exception', reason: 'denied' } })],
    ['a lost connection', (_, response) => response.destroy()],
    ['a time-out', () => undefined],
    ['a garbled answer', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a"')],
  ];
  for (const [name, answer] of failures) {
    for (const [kind, config] of credentials) {
      it(`shows no secret and no body in the error of ${name} with ${kind}`, async () => {
        const host = await serve(answer);
        const one = client({ hosts: [host], ...config, request_timeout_s: 0.05 });
        const bulkBody = Buffer.from('{"customer":"data"}\n');
        const error: unknown = await one.transport
          .request({ method: 'POST', path: '/_bulk', bulkBody })
          .catch((e: unknown) => e);
        expect(error).to.be.instanceOf(Error);
        expectClean(error);
        expectClean(one);
      });
    }
  }

  function expectClean(value: unknown): void {
    const meta = value instanceof Error && 'meta' in value ? value.meta : undefined;
    const dump = [
      inspect(value, { depth: 20, showHidden: true }),
      JSON.stringify(value),
      String(value),
      inspect(meta),
    ].join();
    for (const word of ['secret', secret, 'AAEAAWVsYXN0aWM', 'pä:ss', 'customer', 'c2hpcDpww'])
      expect(dump).not.to.include(word);
  }

  const wrong: [string, Partial<ClientConfig>, string, string][] = [
    ['no host', { hosts: [] }, 'CCX_OUTPUT_HOST', 'output.hosts'],
    ['a host that is no URL', { hosts: ['es:9200/'] }, 'CCX_OUTPUT_HOST', 'output.hosts[0]'],
    ['a host with credentials', { hosts: ['http://a', 'https://u:hunter2@b'] }, 'CCX_OUTPUT_HOST', 'output.hosts[1]'],
    ['a fingerprint without TLS', { hosts: ['http://a'], ca_fingerprint: 'ab' }, 'CCX_OUTPUT_HOST', 'output.hosts[0]'],
    [
      'a key with a line break',
      { hosts: ['http://a'], api_key: 'hunter2\n' },
      'CCX_CREDENTIAL_FORMAT',
      'output.api_key',
    ],
    ['a missing CA file', { hosts: ['https://a'], ca: '/does/not/exist.pem' }, 'CCX_CA_FILE', '/does/not/exist.pem'],
  ];
  for (const [name, config, code, place] of wrong) {
    it(`refuses ${name} with ${code}`, () => {
      let caught: unknown;
      try {
        client(config);
      } catch (error) {
        caught = error;
      }
      expect(caught).to.be.instanceOf(ConnectorError).and.to.include({ code, place });
      expect(inspect(caught)).not.to.include('hunter2');
    });
  }
});
