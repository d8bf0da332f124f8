import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../../../src/cli/main.js';
import { Secrets } from '../../../src/redact.js';
import { afterTest } from '../../support/after-test.js';
import { runCli, writeConfig } from '../../support/cli.js';
import { tempDir } from '../../support/temp-dir.js';

const core = 'Zx9kQ7core';
const key = `some-id:${core}Lw2`;
const keys = { region: 'eu-central-1', access_key_id: 'AKIATESTTESTTESTTEST' };

/** Every way to log in; `dashboards` and `s3` send theirs to a server of the same kind. */
const logins: Readonly<Record<string, object>> = {
  'an API key': { output: { api_key: key } },
  'an encoded API key': { output: { api_key: Buffer.from(key).toString('base64') } },
  'a token': { output: { bearer_token: `AAEAAW${core}==` } },
  'a password': { output: { username: 'kim', password: `p"a\\s  s'${core}<ü€%` } },
  'a signature': {
    output: { aws: { service: 'es', ...keys, secret_access_key: `s3/${core}`, session_token: `IQoJ/${core}+=` } },
  },
  'an API key for dashboards': { dashboards: { api_key: key } },
  'a password for dashboards': { dashboards: { username: 'kim', password: `p"a\\s ${core}<%` } },
};

/** Repeats all it gets: status line, body of several forms, and headers. */
function echo(request: IncomingMessage): { headers: Record<string, string>; body: string } {
  const said = Object.entries(request.headers)
    .filter(([name]) => /authorization|token/.test(name))
    .map(([name, value]) => `${name}: ${String(value)} ${decoded(String(value))}`)
    .join(' ');
  const reason = `no ${said} ${encodeURIComponent(said)} ${Buffer.from(said).toString('base64')}`;
  return {
    headers: { 'x-echo': encodeURIComponent(said), warning: `299 Elasticsearch-8 "${encodeURIComponent(said)}"` },
    body: JSON.stringify({ error: { type: said, reason, root_cause: [{ reason }] }, message: reason, statusCode: 400 }),
  };
}

/** A server that logs what it understood. */
function decoded(header: string): string {
  const [scheme, value = ''] = header.split(' ');
  return /^(basic|apikey)$/i.test(scheme ?? '') ? Buffer.from(value, 'base64').toString() : '';
}

describe('what a command prints', function () {
  this.timeout(60_000);

  async function serve(status: number): Promise<string> {
    const server = createServer((request, response) => {
      const { headers, body } = echo(request);
      // The cluster is there, so that it comes to Kibana.
      const well = request.url === '/' && request.headers['user-agent']?.includes('/') && status === 200;
      response.writeHead(well ? 200 : status === 200 ? 400 : status, {
        'content-type': 'application/json',
        'x-elastic-product': 'Elasticsearch',
        ...headers,
      });
      response.end(well ? JSON.stringify({ version: { number: '9.5.3', build_flavor: 'default' } }) : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** In this process, for the sake of time. */
  async function print(args: readonly string[], config: object): Promise<string> {
    const folder = await tempDir();
    await writeConfig(folder, config);
    let said = '';
    const sink = (): Writable =>
      new Writable({
        decodeStrings: false,
        write(text: string, _encoding, done) {
          said += text;
          done();
        },
      });
    await main([...args, '--config', join(folder, 'cloudconnexa-ecs.yml'), '--log-level', 'debug'], {
      stdin: Readable.from([]),
      stdout: sink(),
      stderr: sink(),
      env: {},
      signal: new AbortController().signal,
      secrets: new Secrets(),
    });
    return said;
  }

  const commands = [
    ['test', 'output'],
    ['status', '--json'],
    ['setup', '--dry-run'],
    ['config', 'show'],
    ['test', 'config'],
  ];
  const forms = [core, Buffer.from(core).toString('base64').slice(0, 12)];
  const leaks = (text: string): string[] =>
    text.split('\n').filter((line) => forms.some((form) => line.includes(form)));

  for (const [login, config] of Object.entries(logins)) {
    it(`shows nothing of ${login} when the server repeats it`, async () => {
      const given = config as { output?: object; dashboards?: object };
      for (const status of [200, 401, 403]) {
        const host = await serve(status);
        const whole = {
          inputs: [{ type: 'stdin' }],
          output: { hosts: [host], request_timeout_s: 2, ...given.output },
          dashboards: { url: host, ...given.dashboards },
        };
        const said = await Promise.all(commands.map((args) => print(args, whole)));
        expect(said.join('')).to.match(/CCX_/);
        for (const text of said) expect(leaks(text)).to.deep.equal([]);
      }
    });
  }

  it('shows nothing under the debugging variables of Node.js and the client', async () => {
    const cwd = await tempDir();
    const host = await serve(200);
    for (const login of ['an API key', 'a signature']) {
      const given = logins[login] as { output?: object };
      await writeConfig(cwd, { output: { hosts: [host], ...given.output } });
      const env = { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,undici' };
      const { stdout, stderr } = await runCli(['test', 'output'], { cwd, env });
      expect(stderr).to.match(/elasticsearch.*Starting a new request/);
      expect(leaks(stdout + stderr)).to.deep.equal([]);
    }
  });
});
