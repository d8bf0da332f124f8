import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { createClient, type Client, type ClientConfig } from '../../../src/target/client.js';
import { explainFailure } from '../../../src/target/explain.js';
import { connectFailure } from '../../../src/target/trust.js';

const path = (name: string): string => fileURLToPath(new URL(`../../support/tls/${name}`, import.meta.url));
const read = (name: string): string => readFileSync(path(name), 'utf8');
const fingerprint = (name: string): string => new X509Certificate(read(name)).fingerprint256;

/** root -> inter -> server; self: self-signed for another name; forged: signed by a stranger who calls himself root. */
const chains = {
  whole: { key: read('server.key'), cert: read('server.pem') + read('inter.pem') + read('root.pem') },
  rootless: { key: read('server.key'), cert: read('server.pem') + read('inter.pem') },
  self: { key: read('self.key'), cert: read('self.pem') },
  forged: { key: read('forged.key'), cert: read('forged.pem') + read('root.pem') },
};

describe('TLS to the engine', () => {
  const servers: Server[] = [];
  const clients: Client[] = [];

  async function serve(
    chain: keyof typeof chains,
    more: ServerOptions = {},
    answer?: (response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer({ ...chains[chain], ...more }, (request, response) => {
      if (answer) return answer(response);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.headers));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** `ok`, or the reason why no connection was made. */
  async function ask(chain: keyof typeof chains, trust: Pick<ClientConfig, 'ca' | 'ca_fingerprint'>): Promise<string> {
    const hosts = [await serve(chain)];
    const client = createClient({ hosts, request_timeout_s: 5, gzip: false, api_key: 'a2V5', ...trust });
    clients.push(client);
    try {
      await client.transport.request({ method: 'GET', path: '/' });
      return 'ok';
    } catch (error) {
      return connectFailure(error)?.reason ?? String(error);
    }
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('shows no secret in the error of a refused certificate', async () => {
    const secrets = [{ api_key: 'c2VjcmV0' }, { bearer_token: 'c2VjcmV0' }, { username: 'u', password: 'c2VjcmV0' }];
    for (const credentials of secrets) {
      for (const trust of [{}, { ca_fingerprint: fingerprint('self.pem') }]) {
        const hosts = [await serve('whole')];
        const client = createClient({ hosts, request_timeout_s: 5, gzip: false, ...credentials, ...trust });
        clients.push(client);
        const error: unknown = await client.transport.request({ method: 'GET', path: '/' }).catch((e: unknown) => e);
        expect(connectFailure(error)).not.to.equal(undefined);
        const dump = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String(error);
        for (const form of ['c2VjcmV0', 'dTpjMlZqY21WMA']) expect(dump).not.to.include(form);
      }
    }
  });

  const ca = path('root.pem');
  it('trusts a server under the configured CA, its intermediate included', async () => {
    expect(await ask('rootless', { ca })).to.equal('ok');
  });
  it('refuses an unknown CA', async () => {
    expect(await ask('whole', {})).to.equal('SELF_SIGNED_CERT_IN_CHAIN');
  });
  it('refuses a certificate for another name', async () => {
    expect(await ask('self', { ca: path('self.pem') })).to.equal('ERR_TLS_CERT_ALTNAME_INVALID');
  });
  it('refuses an unknown CA even when the environment switches verification off', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await ask('whole', {})).to.equal('SELF_SIGNED_CERT_IN_CHAIN');
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });

  describe('of a server that speaks only', () => {
    for (const [version, expected] of [
      ['TLSv1.1', 'CCX_OUTPUT_TLS'],
      ['TLSv1.2', 'ok'],
      ['TLSv1.3', 'ok'],
    ] as const) {
      it(`${version}: ${expected}`, async () => {
        const host = await serve('rootless', { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
        const client = createClient({ hosts: [host], request_timeout_s: 5, gzip: false, ca });
        clients.push(client);
        const outcome = await client.transport.request({ method: 'GET', path: '/' }).then(
          () => 'ok',
          (error: unknown) => explainFailure(error, host),
        );
        if (typeof outcome === 'string') {
          expect(outcome).to.equal(expected);
          return;
        }
        expect(outcome.code).to.equal(expected);
        expect(outcome.message).to.match(/TLS versions b/);
      });
    }
  });

  it('takes no answer of another host that the server points to', async () => {
    let reached = 0;
    const other = createServer(chains.whole, (_, response) => {
      reached += 1;
      response.end();
    });
    servers.push(other);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `https://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    for (const status of [301, 302, 307, 308]) {
      const host = await serve('whole', {}, (response) => response.writeHead(status, { location }).end());
      const client = createClient({ hosts: [host], request_timeout_s: 5, gzip: false, ca, api_key: 'a2V5' });
      clients.push(client);
      await client.transport.request({ method: 'GET', path: '/' }).catch(() => undefined);
    }
    expect(reached).to.equal(0);
  });

  it('trusts the fingerprint of a root that the server sends along', async () => {
    expect(await ask('whole', { ca_fingerprint: fingerprint('root.pem') })).to.equal('ok');
  });
  it('takes a fingerprint in lower case without colons', async () => {
    const plain = fingerprint('root.pem').replaceAll(':', '').toLowerCase();
    expect(await ask('whole', { ca_fingerprint: plain })).to.equal('ok');
  });
  it('trusts the fingerprint of an intermediate', async () => {
    expect(await ask('rootless', { ca_fingerprint: fingerprint('inter.pem') })).to.equal('ok');
  });
  it("trusts the fingerprint of the server's own certificate", async () => {
    expect(await ask('rootless', { ca_fingerprint: fingerprint('server.pem') })).to.equal('ok');
  });
  it('trusts the fingerprint of a self-signed certificate, whatever name it has', async () => {
    expect(await ask('self', { ca_fingerprint: fingerprint('self.pem') })).to.equal('ok');
  });
  it('finds the certificate of a fingerprint in the CA file when the server does not send it', async () => {
    expect(await ask('rootless', { ca_fingerprint: fingerprint('root.pem') })).to.equal('FINGERPRINT');
    expect(await ask('rootless', { ca_fingerprint: fingerprint('root.pem'), ca })).to.equal('ok');
  });
  it('refuses a server whose chain has another fingerprint', async () => {
    expect(await ask('whole', { ca_fingerprint: fingerprint('self.pem') })).to.equal('FINGERPRINT');
  });
  it('refuses a stranger who sends the genuine CA certificate along', async () => {
    // What the attack rests on: by its names alone the forged chain ends in the genuine root.
    expect(await chainEnd(await serve('forged'))).to.equal(fingerprint('root.pem'));
    expect(await ask('forged', { ca_fingerprint: fingerprint('root.pem') })).to.equal('CERT_SIGNATURE_FAILURE');
  });
  it('keeps trusting over several connections', async () => {
    const hosts = [await serve('whole'), await serve('whole')];
    const pin = fingerprint('root.pem');
    const client = createClient({ hosts, request_timeout_s: 5, gzip: false, ca_fingerprint: pin });
    clients.push(client);
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(() => client.transport.request({ method: 'GET', path: '/' })),
    );
    expect(answers).to.have.length(6);
  });

  it('refuses a CA file without a certificate', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ccx-ca-'));
    const file = join(directory, 'ca.pem');
    const begin = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    try {
      for (const text of ['', 'no certificate', begin]) {
        writeFileSync(file, text);
        const make = (): Client => createClient({ hosts: ['https://a'], request_timeout_s: 1, gzip: false, ca: file });
        expect(make).to.throw().with.property('code', 'CCX_CA_FILE');
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

function chainEnd(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      let last = socket.getPeerCertificate(true);
      while (last.issuerCertificate && last.issuerCertificate !== last) last = last.issuerCertificate;
      socket.destroy();
      resolve(last.fingerprint256);
    });
    socket.on('error', reject);
  });
}
