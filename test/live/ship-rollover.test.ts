import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { gzipSync } from 'node:zlib';
import { lastRecord, logRecords, runCli, writeConfig } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { startFaultProxy, type FaultProxy, type FaultProxyOptions } from '../support/fault-proxy.js';
import { basicAuthorization } from '../support/secured-engine.js';
import { forEachSecured, securedUsers } from '../support/secured-matrix.js';
import { tempDir } from '../support/temp-dir.js';
import { installAssets, workplace, type Workplace } from '../support/workplace.js';

const texts = sampleTexts(240, 20);
const perBatch = 60;
/** Requests one after the other: then it is certain which of them a fault meets. */
const output = { batch: { max_events: perBatch }, max_in_flight: 1 };

/** A data stream that rolls over has the id of a document in one backing index, and takes it again in the next. */
forEachEngine('shipping across a rollover', (engine) => {
  let proxy: FaultProxy | undefined;

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  const streamOf = (namespace: string): string => `logs-cloudconnexa.flow-${namespace}`;

  async function call(method: string, path: string, body?: object): Promise<void> {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(engine.running().url + path, { method, ...json });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  const rollOver = (namespace: string): Promise<void> => call('POST', `/${streamOf(namespace)}/_rollover`);

  async function place(namespace: string, faults?: Partial<FaultProxyOptions>): Promise<Workplace> {
    if (faults) proxy = await startFaultProxy({ target: engine.running().url, ...faults });
    return workplace(engine, { namespace, output, ...(proxy && { url: proxy.url }) });
  }

  /** Everything is there, and nothing twice: counted by the ids themselves. */
  async function expectOnce({ stored }: Workplace, count: number): Promise<void> {
    const { hits } = await stored.search({ size: 10_000, _source: false });
    const ids = hits.hits.map(({ _id }) => _id);
    expect({ total: ids.length, distinct: new Set(ids).size }).to.deep.equal({ total: count, distinct: count });
  }

  it('the same id is taken twice by the engine: what this is all about', async () => {
    const action = JSON.stringify({ create: { _index: streamOf('rolled_twice'), _id: 'same' } });
    const body = `${action}\n{"@timestamp":"2026-02-03T04:05:06Z"}\n`;
    const send = async (): Promise<unknown> => {
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await fetch(`${engine.running().url}/_bulk`, { method: 'POST', headers, body });
      return ((await answer.json()) as { items: { create: { status: number } }[] }).items[0]?.create.status;
    };
    expect([await send(), await send()]).to.deep.equal([201, 409]);
    await rollOver('rolled_twice');
    expect(await send()).to.equal(201);
  });

  it('stores nothing twice when it rolls over between a lost answer and the question what is stored', async function () {
    this.timeout(60_000);
    const meanwhile = (): Promise<void> => rollOver('rolled_lost');
    const one = await place('rolled_lost', { script: [{ kind: 'pass' }, { kind: 'lost', meanwhile }] });
    await writeLines(`${one.events}/events.jsonl`, texts);
    expect(await one.ship()).to.include({ indexed: 180, duplicates: 60, unfinished: 0 });
    await expectOnce(one, texts.length);
  });

  it('stores nothing twice when it rolls over between that question and the retry', async function () {
    this.timeout(60_000);
    const one = await place('rolled_late', {
      script: [{ kind: 'pass' }, { kind: 'lost' }],
      // The next request: the retry, if there were one.
      onBulk: (number) => (number === 3 ? rollOver('rolled_late') : undefined),
    });
    await writeLines(`${one.events}/events.jsonl`, texts);
    expect(await one.ship()).to.include({ indexed: 180, duplicates: 60, unfinished: 0 });
    await expectOnce(one, texts.length);
  });

  it('stores nothing twice when it is killed and the stream rolls over before the restart', async function () {
    this.timeout(60_000);
    // The first three batches are stored; the fourth waits for the end of the one who sent it.
    const ends: Promise<unknown>[] = [];
    const one = await place('rolled_killed', { onBulk: (number) => (number === 4 ? ends[0] : undefined) });
    await writeLines(`${one.events}/events.jsonl`, texts);
    const child = one.start(['run', '--once']);
    ends.push(child.ended);
    while ((proxy?.seen() ?? 0) < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    child.child.kill('SIGKILL');
    expect((await child.ended).signal).to.equal('SIGKILL');
    await rollOver('rolled_killed');
    const { code, stderr } = await one.cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    await expectOnce(one, texts.length);
  });

  it('stores nothing twice with a lost data_dir, right after a rollover and with nothing refreshed', async function () {
    this.timeout(60_000);
    const one = await place('rolled_fresh');
    await writeLines(`${one.events}/a.jsonl`, texts.slice(0, 10));
    await one.ship();
    await call('PUT', `/${streamOf('rolled_fresh')}/_settings`, { index: { refresh_interval: '1h' } });
    await writeLines(`${one.events}/b.jsonl`, texts.slice(0, 150));
    await one.ship();
    await rollOver('rolled_fresh');
    await one.forget();
    await writeLines(`${one.events}/b.jsonl`, texts);
    // Part of a batch is stored, and part of it is not.
    expect(await one.ship()).to.include({ indexed: 90, duplicates: 160 });
    await expectOnce(one, texts.length);
  });

  it('stores nothing twice with a lost data_dir after many rollovers', async function () {
    this.timeout(120_000);
    const one = await place('rolled_often');
    for (let part = 0; part < 12; part += 1) {
      await writeLines(`${one.events}/${part}.jsonl`, texts.slice(part * 15, part * 15 + 15));
      await one.ship();
      // As time does.
      if (part < 9) await call('POST', `/${streamOf('rolled_often')}/_refresh`);
      if (part < 11) await rollOver('rolled_often');
    }
    await one.forget();
    await writeLines(`${one.events}/rest.jsonl`, texts.slice(170));
    expect(await one.ship()).to.include({ indexed: 60, duplicates: 190 });
    await expectOnce(one, texts.length);
  });

  it('knows events that another connector shipped from another file', async function () {
    this.timeout(60_000);
    const [one, other] = [await place('rolled_again'), await place('rolled_again')];
    await writeLines(`${one.events}/events.jsonl`, texts);
    await writeFile(`${other.events}/other.gz`, gzipSync(texts.map((text) => `${text}\n`).join('')));
    await one.ship();
    await rollOver('rolled_again');
    expect(await other.ship()).to.include({ indexed: 0, duplicates: texts.length });
    await expectOnce(one, texts.length);
  });
});

forEachSecured('a rollover, for a user', (running) => {
  async function call(user: 'owner' | 'watcher', method: 'GET' | 'POST', path: string): Promise<unknown> {
    const dispatcher = new Agent({ connect: { ca: running().ca } });
    const headers = { authorization: basicAuthorization(user, securedUsers[user].password) };
    const answer = await request(running().url + path, { dispatcher, headers, method });
    const body = await answer.body.json();
    await dispatcher.close();
    expect(answer.statusCode, JSON.stringify(body)).to.equal(200);
    return body;
  }

  /** Ships the same events twice with a rollover in between, as after the loss of the data_dir. */
  async function shipAgain(user: 'shipper' | 'checker'): Promise<{ stderr: string; count: number }> {
    const namespace = `rolled_${user}`;
    const folder = await tempDir();
    await writeLines(join(folder, 'events.jsonl'), texts);
    let stderr = '';
    for (const dataDir of ['first', 'second']) {
      await writeConfig(folder, {
        output: {
          ...{ hosts: [running().url], namespace, ca: running().caPath, username: user },
          ...{ password: securedUsers[user].password, batch: { max_events: perBatch } },
        },
        inputs: [{ type: 'file', paths: [join(folder, '*.jsonl')] }],
        data_dir: join(folder, dataDir),
      });
      const ended = await runCli(['run', '--once'], { cwd: folder });
      expect(ended.code, ended.stderr).to.equal(0);
      stderr = ended.stderr;
      if (dataDir === 'first') await call('owner', 'POST', `/logs-cloudconnexa.flow-${namespace}/_rollover`);
    }
    await call('owner', 'POST', `/logs-cloudconnexa.flow-${namespace}/_refresh`);
    const { count } = (await call('watcher', 'GET', `/logs-cloudconnexa.flow-${namespace}/_count`)) as {
      count: number;
    };
    return { stderr, count };
  }

  before(async function () {
    this.timeout(60_000);
    const folder = await tempDir();
    const { password } = securedUsers.installer;
    await writeConfig(folder, {
      output: { hosts: [running().url], ca: running().caPath, username: 'installer', password },
    });
    const { code, stderr } = await runCli(['setup'], { cwd: folder });
    if (code !== 0) throw new Error(stderr);
  });

  it('who may only create documents: they are there twice, and the connector has said so once', async function () {
    this.timeout(60_000);
    const { stderr, count } = await shipAgain('shipper');
    expect(count).to.equal(2 * texts.length);
    const warnings = logRecords(stderr).filter(({ code }) => code === 'CCX_LOOKUP_REFUSED');
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include({ level: 'warn', status: 403 });
  });

  it('who has the role ship_check: they are there once, and there is nothing to say', async function () {
    this.timeout(60_000);
    const { stderr, count } = await shipAgain('checker');
    expect(count).to.equal(texts.length);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: 0, duplicates: texts.length });
    expect(logRecords(stderr).filter(({ level }) => level === 'warn')).to.deep.equal([]);
  });
});
