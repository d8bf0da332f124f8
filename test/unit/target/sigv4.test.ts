import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { errors } from '@elastic/elasticsearch';
import { ask } from '../../../src/target/answer.js';
import { createClient, type Client, type ClientConfig } from '../../../src/target/client.js';
import { explainFailure } from '../../../src/target/explain.js';
import { createSigner } from '../../../src/target/sigv4.js';
import { connectFailure } from '../../../src/target/trust.js';
import { afterTest } from '../../support/after-test.js';
import { startOrSkip } from '../../support/engine-matrix.js';
import { motoPython } from '../../support/moto.js';
import { startSignatureGate, type GateOptions, type SignatureGate } from '../../support/signature-gate.js';
import { tempDir } from '../../support/temp-dir.js';

const accessKey = 'AKIATESTTESTTESTTEST';
const secretKey = 'secret/of+the=key';
const withoutRegion = {
  service: 'es',
  role_session_name: 'cloudconnexa-ecs',
  access_key_id: accessKey,
  secret_access_key: secretKey,
} as const;
const aws = { ...withoutRegion, region: 'eu-central-1' } as const;

describe('requests signed for AWS', function () {
  let strict: SignatureGate | undefined;
  let host = '';
  before(async function () {
    await startOrSkip(this, motoPython);
    strict = await startSignatureGate({ accessKey, secretKey });
    host = strict.url;
  });
  after(() => strict?.close());

  /** Nothing of the machine's own AWS settings counts. */
  const saved = { ...process.env };
  const clean = (): void => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  };
  beforeEach(() => {
    clean();
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent';
    process.env['AWS_CONFIG_FILE'] = '/nonexistent';
  });
  afterEach(() => {
    clean();
    Object.assign(process.env, saved);
  });

  function client(host: string, config: Partial<ClientConfig> = {}): Client {
    const made = createClient({ hosts: [host], request_timeout_s: 10, gzip: false, aws, ...config });
    afterTest(() => made.close());
    return made;
  }
  const gate = async (options: Partial<GateOptions>): Promise<string> => {
    const made = await startSignatureGate({ accessKey, secretKey, ...options });
    afterTest(() => made.close());
    return made.url;
  };
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const caught = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail('it was let through'),
      (error: unknown) => error,
    );

  describe('pass a check by botocore', () => {
    const lines = Buffer.from('{"create":{"_id":"ä"}}\n{"a":1}\n');
    const requests: readonly [name: string, Parameters<Client['transport']['request']>[0]][] = [
      ['without a body', { method: 'GET', path: '/' }],
      ['with JSON', { method: 'PUT', path: '/_index_template/x', body: { a: 'ü*"' } }],
      ['with lines of a bulk request', { method: 'POST', path: '/logs-x.flow-default/_bulk', bulkBody: lines }],
      ['with a query', { method: 'GET', path: '/_x', querystring: { z: '1', a: 'x,y z*(!)', filter_path: '-a.*,b' } }],
      ['with a query as text', { method: 'GET', path: '/_x', querystring: 'b=nodes.*.version,nodes&a&c=%2C&a=~+' }],
      ['with a star and commas in the path', { method: 'GET', path: '/logs-*,x,y-(z)!/_search' }],
      ['with an encoded path', { method: 'GET', path: `/_doc/${encodeURIComponent('a/b c*,d%ü+:=')}` }],
      ['with dots in the path', { method: 'GET', path: '/logs-a.b..c-~/_alias' }],
      ['without an answer to read', { method: 'HEAD', path: '/_x' }],
    ];
    for (const gzip of [false, true]) {
      for (const [name, request] of requests) {
        it(`${name}${gzip ? ', compressed' : ''}`, async () => {
          await client(host, { gzip }).transport.request(request);
        });
      }
    }

    it('with the path prefix of a host', async () => {
      const answer = await client(`${host}/es,x/`).transport.request({ method: 'GET', path: '/_x' });
      expect(answer).to.have.property('path', '/es,x/_x');
    });

    it('for OpenSearch Serverless', async () => {
      const serverless = await gate({ service: 'aoss' });
      await client(serverless, { aws: { ...aws, service: 'aoss' } }).transport.request({ method: 'GET', path: '/_x' });
    });

    it('with a session token', async () => {
      const temporary = await gate({ token: 'token/+=' });
      await client(temporary, { aws: { ...aws, session_token: 'token/+=' } }).transport.request({
        method: 'GET',
        path: '/',
      });
    });

    it('with the keys and the region of a profile', async () => {
      const file = join(await tempDir(), 'config');
      const lines = [
        '[profile siem]',
        'region = eu-central-1',
        `aws_access_key_id = ${accessKey}`,
        `aws_secret_access_key = ${secretKey}`,
      ];
      await writeFile(file, lines.join('\n'));
      process.env['AWS_CONFIG_FILE'] = file;
      const named = { service: 'es', profile: 'siem', role_session_name: 'x' } as const;
      await client(host, { aws: named }).transport.request({ method: 'GET', path: '/' });
    });

    it('with the keys that the environment holds', async () => {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey });
      const found = { service: 'es', region: 'eu-central-1', role_session_name: 'x' } as const;
      await client(host, { aws: found }).transport.request({ method: 'GET', path: '/' });
    });
  });

  describe('are refused, and it is said why,', () => {
    const refusals: readonly [name: string, options: Partial<GateOptions>, text: RegExp, remedy: RegExp][] = [
      ['with another secret', { secretKey: 'another' }, /signature does not match/, /secret_access_key/],
      ['of an unknown key', { accessKey: 'AKIAOTHER' }, /does not know the credentials/, /access_key_id/],
      ['for another region', { region: 'us-east-1' }, /another region or service/, /output\.aws\.region/],
      ['when the clocks differ', { aheadS: 3600 }, /clock of this machine/, /NTP/],
    ];
    for (const [name, options, text, remedy] of refusals) {
      it(name, async () => {
        const refusing = await gate(options);
        const error = await caught(
          client(refusing).transport.request({ method: 'POST', path: '/_bulk', bulkBody: '{}\n' }),
        );
        expect(error).to.be.instanceOf(errors.ResponseError).with.property('statusCode', 403);
        const asked = await caught(ask(client(refusing), 'GET', '/'));
        for (const explained of [explainFailure(error, 'here'), asked]) {
          expect(explained).to.have.property('code', 'CCX_OUTPUT_DENIED');
          expect(explained).to.have.property('message').that.matches(text);
          expect(explained).to.have.property('remedy').that.matches(remedy);
        }
      });
    }

    it('when something on the way changes the body', async () => {
      const middle = await serve((request, response) => {
        const { method = '', url, headers } = request;
        request.resume().on('end', () => {
          const changed = { method, headers: headers as Record<string, string>, body: '{"b":2}' };
          void fetch(`${host}${url}`, changed).then(async (answer) => {
            response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
          });
        });
      });
      const one = client(middle);
      const error = await caught(one.transport.request({ method: 'PUT', path: '/_x', body: { a: 1 } }));
      expect(explainFailure(error, 'here').message).to.match(/signature does not match/);
    });
  });

  it('have other credentials when the ones before are about to expire', async () => {
    let handedOut = 0;
    const issuer = await serve((_, response) => {
      handedOut += 1;
      const Expiration = new Date(Date.now() + 60_000).toISOString();
      const keys = { AccessKeyId: `AKIA${handedOut}`, SecretAccessKey: 'x', Token: `token-${handedOut}`, Expiration };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
    });
    const seen: unknown[] = [];
    const cluster = await serve(({ headers }, response) => {
      seen.push([/Credential=(\w+)/.exec(headers.authorization ?? '')?.[1], headers['x-amz-security-token']]);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = issuer;
    const one = client(cluster, { aws: { service: 'es', region: 'eu-central-1', role_session_name: 'x' } });
    // The SDK asks for the next ones while it still uses those before.
    while (seen.length < 2 || String(seen.at(-1)) === String(seen[0]))
      await one.transport.request({ method: 'GET', path: '/' });
    expect(seen[0]).to.deep.equal(['AKIA1', 'token-1']);
    expect(seen.at(-1)).to.satisfy(([key, token]: string[]) => key?.slice(4) === token?.slice(6));
  });

  const named: readonly [hostname: string, region: string][] = [
    ['search-logs-abc.us-gov-west-1.es.amazonaws.com', 'us-gov-west-1'],
    ['07tjusf2h91cunochc.eu-central-1.aoss.amazonaws.com', 'eu-central-1'],
    ['search-logs-abc.aos.ap-southeast-2.on.aws', 'ap-southeast-2'],
  ];
  for (const [hostname, region] of named) {
    it(`are for the region in the name ${hostname}`, async () => {
      const { headers } = await createSigner(withoutRegion, 'es')(
        { method: 'GET', path: '/' },
        new URL(`https://${hostname}`),
      );
      expect(headers['authorization']).to.contain(`/${region}/es/aws4_request`);
    });
  }

  it('are not sent without credentials, and it is said why', async () => {
    const one = client('http://127.0.0.1:1', {
      aws: { service: 'es', region: 'eu-central-1', role_session_name: 'x' },
    });
    const error = await caught(one.transport.request({ method: 'GET', path: '/' }));
    expect(connectFailure(error)).to.have.property('reason', 'AWS_SIGNING');
    const { code, message, remedy } = explainFailure(error, 'here');
    expect({ code, message }).to.deep.include({ code: 'CCX_OUTPUT_DENIED' });
    expect(message).to.match(/could not be signed: .*credentials/i);
    expect(remedy).to.match(/output\.aws/);
  });

  it('are not sent without a region, and it is said why', async () => {
    const error = await caught(
      client('http://127.0.0.1:1', { aws: withoutRegion }).transport.request({ method: 'GET', path: '/' }),
    );
    expect(explainFailure(error, 'here').message).to.match(/could not be signed: .*region/i);
  });
});
