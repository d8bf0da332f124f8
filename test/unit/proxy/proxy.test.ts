import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { createFrontEnd } from '../../../src/install/front-end/client.js';
import { proxyFor } from '../../../src/proxy/environment.js';
import { Secrets } from '../../../src/redact.js';
import { s3Client } from '../../../src/source/aws/client.js';
import { explainAws } from '../../../src/source/aws/failure.js';
import { createClient, type ClientConfig } from '../../../src/target/client.js';
import { explainFailure } from '../../../src/target/explain.js';
import { afterTest } from '../../support/after-test.js';
import { startConnectProxy } from '../../support/connect-proxy.js';

const pem = (name: string): string => readFileSync(new URL(`../../support/tls/${name}`, import.meta.url), 'utf8');
const fingerprint = new X509Certificate(pem('self.pem')).fingerprint256;

describe('the proxy of the environment', () => {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  const saved = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const clear = (): void => names.forEach((name) => Reflect.deleteProperty(process.env, name));
  beforeEach(clear);
  afterEach(() => {
    clear();
    for (const [name, value] of Object.entries(saved)) if (value !== undefined) process.env[name] = value;
  });

  const json: RequestListener = ({ headers }, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'kbn-name': 'k' }).end(JSON.stringify(headers));
  };
  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(() => new Promise((resolve) => server.close(() => resolve())));
    return (server.address() as AddressInfo).port;
  }
  const plain = (): Promise<number> => listen(createServer(json));
  const secure = (): Promise<number> => listen(createTlsServer({ key: pem('self.key'), cert: pem('self.pem') }, json));

  function ask(host: string, more: Partial<ClientConfig> = {}): Promise<unknown> {
    const client = createClient({ hosts: [host], request_timeout_s: 5, gzip: false, ...more });
    afterTest(() => client.close());
    return client.transport.request({ method: 'GET', path: '/' });
  }
  const explained = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it was let through'),
      (error: unknown) => explainFailure(error, 'here'),
    );

  it('carries plain http to the cluster, with its own credentials in its own header', async () => {
    const proxy = await startConnectProxy(await plain());
    process.env['HTTP_PROXY'] = proxy.url.replace('//', '//kim:p%40ss%3Aword@');
    const headers = await ask('http://es.example:9200', { api_key: 'a2V5' });
    expect(proxy.asked).to.deep.equal([
      { target: 'es.example:9200', login: `Basic ${Buffer.from('kim:p@ss:word').toString('base64')}` },
    ]);
    expect(headers).to.include({ host: 'es.example:9200', authorization: 'ApiKey a2V5' });
    expect(headers).not.to.have.property('proxy-authorization');
    expect(new Secrets().redact('p@ss:word, p%40ss%3Aword')).to.equal('***, ***');
  });

  it('carries TLS that is trusted as without it', async () => {
    const proxy = await startConnectProxy(await secure());
    process.env['https_proxy'] = proxy.url;
    await ask('https://es.example:9200', { ca_fingerprint: fingerprint });
    const untrusted = await explained(ask('https://es.example:9200'));
    expect(untrusted.code).to.equal('CCX_OUTPUT_TLS');
    expect(new Set(proxy.asked.map(({ target }) => target))).to.deep.equal(new Set(['es.example:9200']));
  });

  it('carries requests to Kibana', async () => {
    const proxy = await startConnectProxy(await plain());
    process.env['HTTP_PROXY'] = proxy.url;
    const config = { dashboards: { url: 'http://kibana.example:5601' }, output: { request_timeout_s: 5 } };
    const frontEnd = createFrontEnd(config as unknown as Parameters<typeof createFrontEnd>[0], 'elasticsearch');
    afterTest(() => frontEnd.close());
    await frontEnd.ask('GET', '/api/status');
    expect(proxy.asked[0]?.target).to.equal('kibana.example:5601');
  });

  const s3 = (endpoint: string) => {
    const keys = { access_key_id: 'AKIA', secret_access_key: 'x', region: 'eu-central-1' };
    const client = s3Client({ path_style: true, role_session_name: 'x', ...keys, endpoint });
    afterTest(() => Promise.resolve(client.destroy()));
    return client.send(new HeadBucketCommand({ Bucket: 'logs' }));
  };

  it('carries requests to AWS', async () => {
    const proxy = await startConnectProxy(await plain());
    process.env['HTTP_PROXY'] = proxy.url;
    await s3('http://s3.example:9000');
    expect(proxy.asked[0]?.target).to.equal('s3.example:9000');
  });

  it('carries TLS to AWS, and does not make it trusted', async () => {
    const proxy = await startConnectProxy(await secure());
    process.env['HTTPS_PROXY'] = proxy.url;
    const error: unknown = await s3('https://s3.example').catch((thrown: unknown) => thrown);
    expect(explainAws(error, 's3://logs').error.message).to.match(/no trusted TLS/);
    expect(proxy.asked[0]?.target).to.equal('s3.example:443');
  });

  for (const [status, remedy] of [
    [407, /user and password/],
    [403, /allow CONNECT/],
    [502, /NO_PROXY/],
  ] as const) {
    it(`that answers ${status} is named, with a remedy and without its credentials`, async () => {
      const proxy = await startConnectProxy(1, status);
      process.env['HTTP_PROXY'] = proxy.url.replace('//', '//kim:s3cr3t@');
      const error = await explained(ask('http://es.example:9200'));
      expect(error).to.include({ code: 'CCX_PROXY' });
      expect(error.message).to.match(new RegExp(`the proxy 127\\.0\\.0\\.1:\\d+ answers ${status}`));
      expect(error.remedy).to.match(remedy);
      expect(error.message + error.remedy).not.to.contain('s3cr3t');
      const ofAws: unknown = await s3('http://s3.example').catch((thrown: unknown) => thrown);
      expect(explainAws(ofAws, 's3://logs').error)
        .to.have.property('message')
        .that.matches(/proxy/)
        .and.not.contain('s3cr3t');
    });
  }

  it('that is not there is named', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    expect(await explained(ask('http://es.example:9200'))).to.include({ code: 'CCX_PROXY' });
  });

  it('that is none is named', async () => {
    process.env['HTTP_PROXY'] = 'socks5://127.0.0.1:1080';
    expect(await explained(ask('http://es.example:9200'))).to.include({ code: 'CCX_PROXY_SETTING' });
  });

  it('is not asked for this machine', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    await ask(`http://127.0.0.1:${await plain()}`);
  });

  const rules: readonly (readonly [noProxy: string, url: string, direct: boolean])[] = [
    ['', 'http://es.example', false],
    ['*', 'http://es.example', true],
    ['es.example', 'http://es.example', true],
    ['example', 'http://es.example', true],
    ['.example', 'http://es.example', true],
    ['*.example', 'http://es.example', true],
    ['s.example', 'http://es.example', false],
    ['a, ES.example b', 'http://es.example:9200', true],
    ['es.example:9200', 'http://es.example:9200', true],
    ['es.example:9201', 'http://es.example:9200', false],
    ['es.example:80', 'http://es.example', true],
    ['10.0.0.0/8', 'http://10.1.2.3:9200', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['2001:db8::/32', 'http://[2001:db8::1]:9200', true],
    ['[2001:db8::1]:9200', 'http://[2001:db8::1]:9200', true],
    ['2001:db8::1', 'http://[2001:db8::1]:9200', true],
    ['', 'http://localhost:9200', true],
    ['', 'http://[::1]:9200', true],
  ];
  for (const [noProxy, url, direct] of rules) {
    it(`is ${direct ? 'not ' : ''}asked for ${url} with NO_PROXY '${noProxy}'`, () => {
      const found = proxyFor(new URL(url), { HTTP_PROXY: 'proxy:3128', NO_PROXY: noProxy });
      expect(found?.href).to.equal(direct ? undefined : 'http://proxy:3128/');
    });
  }
});
