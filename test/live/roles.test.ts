import { expect } from 'chai';
import { Agent, request } from 'undici';
import { runCli, writeConfig, type Ended } from '../support/cli.js';
import { attempts, type Attempt, type Victim } from '../support/secured-attempts.js';
import { basicAuthorization } from '../support/secured-engine.js';
import { forEachSecured, securedUsers } from '../support/secured-matrix.js';
import { tempDir } from '../support/temp-dir.js';

type User = keyof typeof securedUsers;

const beyond = ['elsewhere', 'cluster', 'security'] as const;

/** What each role must not do; the rest it may have to. */
const forbidden: Readonly<Partial<Record<User, readonly Attempt['kind'][]>>> = {
  shipper: ['read', 'change', ...beyond, 'administer', 'look', 'templates', 'pipelines'],
  checker: ['change', ...beyond, 'administer', 'look', 'templates', 'pipelines'],
  watcher: ['create', 'change', ...beyond, 'administer', 'templates', 'pipelines'],
  installer: ['read', 'create', 'change', ...beyond],
};

forEachSecured('a role', (running, { kind, itNeeds }) => {
  let agent: Agent;

  async function ask(
    user: User,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    const lines = Array.isArray(body) && body.map((line) => `${JSON.stringify(line)}\n`).join('');
    const headers = {
      authorization: basicAuthorization(user, securedUsers[user].password),
      ...(body && { 'content-type': lines ? 'application/x-ndjson' : 'application/json' }),
    };
    const answer = await request(running().url + path, {
      ...{ dispatcher: agent, method: method as 'GET', headers },
      body: lines || (body ? JSON.stringify(body) : null),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  /** A stored event in a data stream of its own. */
  async function store(dataset: string): Promise<Victim> {
    const stream = `logs-cloudconnexa.${dataset}-roles`;
    const lines = [{ create: { _index: stream, _id: 'victim' } }, { '@timestamp': '2026-01-01T00:00:00Z' }];
    const { text } = await ask('shipper', 'POST', '/_bulk', lines);
    const answer = JSON.parse(text) as { items: { create: { _index: string; status: number } }[] };
    expect(answer.items[0]?.create.status, text).to.equal(201);
    return { stream, index: answer.items[0]?.create._index ?? '', id: 'victim' };
  }

  async function isRefused(user: User, { method, path, body }: Attempt, victim: Victim): Promise<boolean> {
    const { status, text } = await ask(user, method, path(victim), body?.(victim));
    // A bulk request and its like are refused item by item; who may not use the role API of OpenSearch is told so in other words.
    return status === 403 || /"type":"security_exception"/.test(text);
  }

  let victim: Victim;

  before(async function () {
    this.timeout(60_000);
    agent = new Agent({ connect: { ca: running().ca } });
    const template = {
      index_patterns: ['logs-cloudconnexa.*-roles', 'logs-cloudconnexa.*-narrow*'],
      priority: 901,
      data_stream: {},
    };
    const { status, text } = await ask('installer', 'PUT', '/_index_template/ccx-roles', template);
    expect(status, text).to.equal(200);
    victim = await store('flow');
  });
  after(() => agent?.close());

  const here = attempts.filter(({ only }) => only === undefined || only === kind);

  for (const [user, kinds] of Object.entries(forbidden)) {
    for (const attempt of here.filter(({ kind: its }) => kinds.includes(its))) {
      // Who may not even add needs no such fine privilege.
      const needed = attempt.needs && !kinds.includes('create') ? [attempt.needs] : [];
      itNeeds(needed, `of the ${user} does not ${attempt.what}`, async () => {
        expect(await isRefused(user as User, attempt, victim)).to.equal(true);
      });
    }
  }

  it('that may look up what is stored finds it', async () => {
    for (const attempt of here.filter(({ what }) => what === 'search' || what === 'get several'))
      expect(await isRefused('checker', attempt, victim), attempt.what).to.equal(false);
  });

  it('that may do everything is refused none of this: each refusal above is for want of a privilege', async function () {
    this.timeout(60_000);
    const own = await store('owned');
    const refused: string[] = [];
    for (const attempt of here) if (await isRefused('owner', attempt, own)) refused.push(attempt.what);
    expect(refused).to.deep.equal([]);
  });

  it("for setup reaches others' templates and pipelines: no engine limits that to names", async () => {
    for (const attempt of here.filter(({ kind: its }) => its === 'templates' || its === 'pipelines'))
      expect(await isRefused('installer', attempt, victim), attempt.what).to.equal(false);
  });

  it('for setup may do to our indices what docs/security.md says', async function () {
    this.timeout(60_000);
    const own = await store('setup');
    const may: string[] = [];
    for (const attempt of here.filter(({ kind: its }) => its === 'administer'))
      if (!(await isRefused('installer', attempt, own))) may.push(attempt.what);
    // The API for indices deletes no data stream, whoever asks: here it only tells that the privilege is there.
    const both = ['roll over', 'delete an index', 'delete the data stream'];
    const manage = ['change settings', 'make an alias', 'list indices', 'close'];
    expect(may).to.deep.equal(kind === 'elasticsearch' ? [...manage, ...both] : both);
  });

  it('for shipping that is narrowed to a namespace adds events there and nowhere else', async () => {
    const outcomes: boolean[] = [];
    for (const namespace of ['narrow', 'roles', 'narrower']) {
      const stream = `logs-cloudconnexa.flow-${namespace}`;
      const add = here.find(({ kind: its }) => its === 'create');
      outcomes.push(add === undefined || (await isRefused('tenant', add, { ...victim, stream })));
    }
    expect(outcomes).to.deep.equal([false, true, true]);
  });

  if (kind === 'opensearch')
    it('for shipping can replace an event whose id it knows: OpenSearch has no privilege that only adds', async () => {
      const replace = here.find(({ needs }) => needs === 'create_only');
      expect(replace && (await isRefused('shipper', replace, await store('replaced')))).to.equal(false);
    });

  async function cli(user: User, args: readonly string[]): Promise<Ended> {
    const cwd = await tempDir();
    const { url, caPath } = running();
    const { password } = securedUsers[user];
    await writeConfig(cwd, { output: { hosts: [url], ca: caPath, username: user, password } });
    return runCli(args, { cwd });
  }

  // The last ones: they take away what the others, and other files before this one, have stored.
  it('for setup sees in uninstall what has to stay', async function () {
    this.timeout(120_000);
    const { code, stderr } = await cli('installer', ['setup']);
    expect(code, stderr).to.equal(0);
    const { stdout } = await cli('installer', ['uninstall', '--dry-run']);
    expect(stdout).to.match(/keep +index template logs-cloudconnexa. In use by .*logs-cloudconnexa.flow-roles/);
    expect(stdout).to.contain('number of documents not known');
  });

  itNeeds(['data_stream_api'], 'for setup with the one for data uninstalls all, data too', async function () {
    this.timeout(120_000);
    const { code, stdout, stderr } = await cli('remover', ['uninstall', '--data']);
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr)
      .to.contain('Removed data stream logs-cloudconnexa.flow-roles.')
      .and.contain('Removed index template logs-cloudconnexa.');
  });
});
