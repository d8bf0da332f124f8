import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../../../src/cli/main.js';
import { Secrets } from '../../../src/config/secrets.js';

const product = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };

describe('test output', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0)) {
      one.closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  /** An Elasticsearch that tells whether privileges are there, or not. */
  function elastic(granted: boolean, read = true): RequestListener {
    return (request, response) => {
      const index = { 'logs-cloudconnexa.*-default': { create_doc: granted, auto_configure: true, read } };
      const root = { version: { number: '9.5.3', build_flavor: 'default' } };
      response.writeHead(200, product).end(JSON.stringify(request.url === '/' ? root : { cluster: {}, index }));
    };
  }
  async function run(hosts: string[], env: Record<string, string> = {}): Promise<{ code: number; text: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const signal = new AbortController().signal;
    const argv = ['test', 'output', '-s', `output.hosts=${hosts.join(',')}`];
    const code = await main(argv, { stdin: Readable.from([]), stdout, stderr, env, signal, secrets: new Secrets() });
    return { code, text: [stdout, stderr].map((one) => ((one.read() as Buffer | null) ?? '').toString()).join('') };
  }

  it('names engine, version and privileges when all is well', async () => {
    const host = await serve(elastic(true));
    const { code, text } = await run([host]);
    expect(code).to.equal(0);
    expect(text).to.contain(`ok      ${host}: elasticsearch 9.5.3`).and.contain('the credentials may ship events');
  });

  it('names the missing privilege and ends with 1', async () => {
    const { code, text } = await run([await serve(elastic(false))]);
    expect(code).to.equal(1);
    expect(text).to.contain('missing privileges: the credentials lack create_doc on logs-cloudconnexa.*-default');
  });

  it('says what is missing to look up stored events, without which shipping works, too', async () => {
    const { code, text } = await run([await serve(elastic(true, false))]);
    expect(code).to.equal(0);
    expect(text).to.match(/may ship events; to look up .* they lack read on logs-cloudconnexa/);
  });

  it('says that OpenSearch does not tell privileges', async () => {
    const root = JSON.stringify({ version: { number: '3.8.0', distribution: 'opensearch' } });
    const host = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(root);
    });
    const { code, text } = await run([host]);
    expect(code).to.equal(0);
    expect(text)
      .to.contain('opensearch 3.8.0')
      .and.match(/unknown privileges: OpenSearch/);
  });

  it('says that a web server is no engine', async () => {
    const { code, text } = await run([await serve((_request, response) => response.end('hello'))]);
    expect(code).to.equal(1);
    expect(text).to.contain('CCX_OUTPUT_UNSUPPORTED');
  });

  it('tests each host by itself', async () => {
    const good = await serve(elastic(true));
    const { code, text } = await run([good, 'http://127.0.0.1:1']);
    expect(code).to.equal(1);
    expect(text)
      .to.contain(`ok      ${good}`)
      .and.match(/failed {2}http:\/\/127\.0\.0\.1:1: CCX_OUTPUT_UNREACHABLE/);
  });

  const logins: [name: string, env: Record<string, string>, forms: string[]][] = [
    ['an API key', { OUTPUT_API_KEY: 'k3y-hunter2' }, ['k3y-hunter2']],
    ['a token', { OUTPUT_BEARER_TOKEN: 't0ken-hunter2' }, ['t0ken-hunter2']],
    [
      'a password',
      { OUTPUT_USERNAME: 'bob', OUTPUT_PASSWORD: 'hunter2' },
      ['hunter2', Buffer.from('bob:hunter2').toString('base64')],
    ],
  ];
  for (const status of [400, 401, 403, 404, 429, 500]) {
    for (const [name, settings, forms] of logins) {
      it(`never shows ${name} that a server sends back with ${status}`, async () => {
        const host = await serve((request, response) => {
          const echo = `${request.headers.authorization} ${forms.join(' ')}`;
          response.writeHead(status, product).end(JSON.stringify({ error: { type: 'x', reason: echo } }));
        });
        const env = Object.fromEntries(
          Object.entries(settings).map(([key, value]) => [`CLOUDCONNEXA_ECS_${key}`, value]),
        );
        const { text } = await run([host], env);
        expect(text).to.contain(host);
        for (const form of forms) expect(text).not.to.contain(form);
      });
    }
  }
});
