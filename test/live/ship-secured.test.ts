import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { lastRecord, runCli, startCli, writeConfig, type Ended } from '../support/cli.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { basicAuthorization, type SecuredEngine } from '../support/secured-engine.js';
import { forEachSecured, securedRoles, securedUsers } from '../support/secured-matrix.js';
import { tempDir } from '../support/temp-dir.js';

type User = keyof typeof securedUsers;

const texts = sampleTexts(150, 30);

/** The same in the words of each engine. */
const words = {
  elasticsearch: {
    identity: 'elasticsearch',
    unknownUser: 'unable to authenticate user [shipper] for REST request [/]',
    refusal: 'action [cluster:admin/component_template/get] is unauthorized for user [shipper]',
  },
  opensearch: {
    identity: 'opensearch 2.19.4 (opensearch)',
    unknownUser: 'HTTP status 401',
    refusal: 'no permissions for [cluster:admin/component_template/get] and User [name=shipper',
  },
};

interface Settings {
  readonly namespace?: string;
  readonly user?: User;
  readonly password?: string;
  /** In place of name and password. */
  readonly token?: string;
  /** How the server is known; its CA's file by default. */
  readonly trust?: object;
}

/** A folder with a configuration for a user, whose password lies in a file of its own, and some events. */
async function desk(secured: SecuredEngine, settings: Settings): Promise<string> {
  const { namespace = 'secured', user = 'shipper', trust = { ca: secured.caPath } } = settings;
  const folder = await tempDir();
  await writeFile(join(folder, 'password'), `${settings.password ?? securedUsers[user].password}\n`, { mode: 0o600 });
  const login =
    settings.token === undefined
      ? { username: user, password_file: join(folder, 'password') }
      : { bearer_token: settings.token };
  const retry = { initial_ms: 20, max_s: 0.5, auth_wait_s: 0.2 };
  await writeConfig(folder, {
    output: { hosts: [secured.url], namespace, ...login, ...trust, retry },
    inputs: [{ type: 'file', paths: [join(folder, '*.jsonl')] }],
    data_dir: join(folder, 'data'),
  });
  await writeLines(join(folder, 'events.jsonl'), texts);
  return folder;
}

forEachSecured('a user', (running, { kind, itNeeds }) => {
  const users = securedUsers;
  const roles = securedRoles(kind);
  const says = words[kind];

  async function cli(args: readonly string[], settings: Settings = {}): Promise<Ended> {
    const ended = await runCli(args, { cwd: await desk(running(), settings) });
    const secret = settings.password ?? users[settings.user ?? 'shipper'].password;
    expect(ended.stdout + ended.stderr).to.not.include(secret);
    return ended;
  }

  async function count(namespace: string): Promise<number> {
    const dispatcher = new Agent({ connect: { ca: running().ca } });
    const headers = { authorization: basicAuthorization('watcher', users.watcher.password) };
    const answer = await request(`${running().url}/logs-cloudconnexa.*-${namespace}/_count`, { dispatcher, headers });
    const { count: found } = (await answer.body.json()) as { count: number };
    await dispatcher.close();
    return found;
  }

  /** Starts a run that is refused, waits until it says so, mends what is wrong, and waits for its end. */
  async function mendWhile(settings: Settings, complaint: string, mend: () => Promise<void>): Promise<Ended> {
    const started = startCli(['run', '--once'], { cwd: await desk(running(), settings) });
    await eventually(() => Promise.resolve(started.stderr().includes(complaint)), true);
    await mend();
    return started.ended;
  }

  it('with the privileges of the manifest for setup installs the assets over TLS', async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await cli(['setup'], { user: 'installer' });
    expect(code, stderr).to.equal(0);
    // Another suite on the same engine may have been first. Neither the lifecycle nor a Kibana is to be had there.
    expect(stdout).to.match(/\n3 (to create|unchanged), 4 left out\.\n$/);
  });

  it('who may only create documents ships all events', async function () {
    this.timeout(60_000);
    const { code, stderr } = await cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: texts.length, rejected: 0 });
    await eventually(() => count('secured'), texts.length);
  });

  it('may trust the CA by its fingerprint instead of a file', async function () {
    this.timeout(60_000);
    const { code, stderr } = await cli(['run', '--once'], { trust: { ca_fingerprint: running().fingerprint } });
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ duplicates: texts.length, rejected: 0 });
  });

  it('with the privileges of the manifest for status sees what is installed', async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await cli(['status'], { user: 'watcher' });
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain('ok        index template logs-cloudconnexa, version 1 of 1');
    expect(stdout).to.contain(`${texts.length} documents in logs-cloudconnexa.flow-secured`);
  });

  itNeeds(['own_privileges'], 'who may ship is told so by the test of the output', async function () {
    this.timeout(60_000);
    const { code, stdout } = await cli(['test', 'output']);
    expect(stdout).to.contain(
      `ok      ${running().url}: elasticsearch, TLS, certificate trusted\n` +
        'ok      privileges: the credentials may ship events; to look up which are stored they lack ' +
        'read on logs-cloudconnexa.*-secured, view_index_metadata on logs-cloudconnexa.*-secured\n' +
        'ok      templates: logs-cloudconnexa.flow-secured has, or will get, the types of our template\n' +
        'unknown data streams: the credentials may not look; ' +
        'the index privilege view_index_metadata on logs-cloudconnexa.*-* would tell\n' +
        'unknown cluster: the credentials may not look; the cluster privilege monitor would tell\n' +
        'ok      clock: this machine and the cluster agree about the time\n',
    );
    expect(code).to.equal(0);
  });

  itNeeds(['own_privileges'], 'who may look up what is stored is told that nothing is missing', async function () {
    this.timeout(60_000);
    const { stdout } = await cli(['test', 'output'], { user: 'checker' });
    expect(stdout.split('\n')[1]).to.equal('ok      privileges: the credentials may ship events');
  });

  itNeeds(['own_privileges'], 'who may not ship is told what is missing', async function () {
    this.timeout(60_000);
    const { code, stdout } = await cli(['test', 'output'], { user: 'stranger' });
    expect(stdout.split('\n')[1]).to.equal(
      'missing privileges: CCX_OUTPUT_DENIED: the credentials lack auto_configure on logs-cloudconnexa.*-secured, ' +
        'create_doc on logs-cloudconnexa.*-secured',
    );
    expect(code).to.equal(1);
  });

  if (kind === 'opensearch') {
    it('is told by the test of the output that it may ship, and no data stream is made by that', async function () {
      this.timeout(60_000);
      const { code, stdout } = await cli(['test', 'output']);
      expect(stdout).to.contain(
        `ok      ${running().url}: opensearch 2.19.4 (opensearch), TLS, certificate trusted\n` +
          'ok      privileges: the user shipper (role ship) may ship events\n',
      );
      expect(code).to.equal(0);
      const before = await cli(['test', 'output'], { namespace: 'unshipped' });
      expect(before.stdout).to.contain('unknown privileges: the user shipper (role ship) may send events; whether');
      const { stdout: nothing } = await cli(['status'], { user: 'watcher', namespace: 'unshipped' });
      expect(nothing).to.not.contain('flow-unshipped');
    });

    for (const [user, having, lacking] of [
      [
        'stranger',
        'role nothing',
        'indices:admin/mapping/put on logs-cloudconnexa.flow-secured, indices:data/write/bulk',
      ],
      ['tenant', 'role narrowed', 'indices:admin/mapping/put on logs-cloudconnexa.flow-secured'],
    ] as const)
      it(`the test of the output tells the ${user} what is missing`, async function () {
        this.timeout(60_000);
        const { code, stdout } = await cli(['test', 'output'], { user });
        expect(stdout.split('\n')[1]).to.equal(
          `missing privileges: CCX_OUTPUT_DENIED: the user ${user} (${having}) lacks ${lacking}`,
        );
        expect(code).to.equal(1);
      });
  }

  it('with a token in place of a name ships all events', async function () {
    this.timeout(60_000);
    const { token } = running();
    const { code, stderr } = await cli(['run', '--once'], { namespace: 'token', token });
    expect(code, stderr).to.equal(0);
    expect(stderr).to.not.include(token);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: texts.length, rejected: 0 });
  });

  it('with a token that is none is told so', async function () {
    this.timeout(60_000);
    const { code, stderr } = await cli(['status'], { token: 'bm8tdG9rZW4tMTIz' });
    expect(stderr).to.contain('error CCX_OUTPUT_DENIED').and.not.contain('bm8tdG9rZW4tMTIz');
    expect(code).to.equal(1);
  });

  for (const command of ['setup', 'status', 'uninstall']) {
    it(`with a wrong password is told so by ${command}`, async function () {
      this.timeout(60_000);
      const { code, stderr } = await cli([command], { password: 'wrong-pw-77' });
      expect(stderr).to.equal(
        'error CCX_OUTPUT_DENIED: the cluster does not accept the credentials (401): ' +
          `${says.unknownUser}\n` +
          `  at: ${running().url}\n` +
          '  fix: Check output.username and output.password: wrong or expired, or of another cluster.\n',
      );
      expect(code).to.equal(1);
    });

    it(`without the CA is told so by ${command}`, async function () {
      this.timeout(60_000);
      const { code, stderr } = await cli([command], { trust: {} });
      expect(stderr).to.equal(
        "error CCX_OUTPUT_TLS: the server's certificate is signed by a CA that is not trusted here, or by itself\n" +
          `  at: ${running().url}\n` +
          "  fix: Set output.ca to the PEM file of the cluster's CA (http_ca.crt on Elasticsearch), or output.ca_fingerprint.\n",
      );
      expect(code).to.equal(1);
    });
  }

  it('with another fingerprint is told so', async function () {
    this.timeout(60_000);
    const { code, stderr } = await cli(['status'], { trust: { ca_fingerprint: 'AB'.repeat(32) } });
    expect(stderr).to.equal(
      'error CCX_OUTPUT_TLS: no certificate of the server has the fingerprint of output.ca_fingerprint\n' +
        `  at: ${running().url}\n` +
        '  fix: Compare it with: openssl x509 -noout -fingerprint -sha256 -in ca.pem; if it is right, this is not your server.\n',
    );
    expect(code).to.equal(1);
  });

  it('without the privileges for setup is told what is missing and how to get it', async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await cli(['setup']);
    expect(stdout).to.contain(says.refusal);
    expect(stderr).to.equal(
      'What the credentials may not see was left out.\n' +
        `  fix: Grant what manifest.json lists under privileges.${kind} as setup, dashboards and rules, then run setup again.\n`,
    );
    expect(code).to.equal(1);
  });

  it('who may not write yet loses nothing: the run waits until the role is mended', async function () {
    this.timeout(60_000);
    const mended = { ...roles, nothing: roles.ship };
    const mend = (): Promise<void> => running().change({ users, roles: mended });
    const settings = { user: 'stranger', namespace: 'granted' } as const;
    const { code, stderr } = await mendWhile(settings, 'The user may not write', mend);
    await running().change({ users, roles });
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: texts.length, rejected: 0 });
    await eventually(() => count('granted'), texts.length);
  });

  it('with a wrong password loses nothing: the run waits until the cluster knows it', async function () {
    this.timeout(60_000);
    const shipper = { ...users.shipper, password: 'late-pw-11' };
    const mend = (): Promise<void> => running().change({ users: { ...users, shipper }, roles });
    const settings = { password: shipper.password, namespace: 'late' };
    const { code, stderr } = await mendWhile(settings, 'CCX_OUTPUT_DENIED', mend);
    await running().change({ users, roles });
    expect(code, stderr).to.equal(0);
    expect(stderr).to.not.include(shipper.password);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: texts.length, rejected: 0 });
    await eventually(() => count('late'), texts.length);
  });
});
