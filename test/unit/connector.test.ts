import { expect } from 'chai';
import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { loadConfig, type Config } from '../../src/config.js';
import { createConnector } from '../../src/connector.js';
import type { Logger } from '../../src/log.js';
import { openRejectStore } from '../../src/reject.js';
import type { RunSummary } from '../../src/run.js';
import { eventually } from '../support/eventually.js';
import { keepLog } from '../support/sending.js';
import { tempDir } from '../support/temp-dir.js';

const quiet: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  // Nobody reads the log here.
}

/** As much of a cluster as a run asks: `silent` takes connections and answers nothing, `stuck` only answers no bulk request. */
interface Cluster {
  mode: 'well' | 'stuck' | 'silent';
  readonly url: string;
  readonly ids: Set<string>;
  close(): void;
}

async function startCluster(): Promise<Cluster> {
  const ids = new Set<string>();
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isBulk = request.url?.startsWith('/_bulk') === true;
      if (cluster.mode === 'silent' || (cluster.mode === 'stuck' && isBulk)) return;
      response.setHeader('content-type', 'application/json').setHeader('x-elastic-product', 'Elasticsearch');
      response.end(JSON.stringify(isBulk ? store(Buffer.concat(parts)) : facts));
    });
  });
  /** Who it is, and that it has no data streams, whatever it was asked. */
  const facts = { version: { number: '9.5.3', build_flavor: 'default' }, data_streams: [] };
  const store = (body: Buffer): object => {
    const lines = (body[0] === 0x1f ? gunzipSync(body) : body).toString().split('\n');
    const items = lines
      .filter((line) => line.startsWith('{"create"'))
      .map((line) => (JSON.parse(line) as { create: { _id: string } }).create._id)
      .map((id) => ({ create: { status: ids.size === ids.add(id).size ? 409 : 201 } }));
    return { errors: items.some(({ create }) => create.status === 409), items };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cluster: Cluster = {
    mode: 'well',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ids,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return cluster;
}

const event = (n: number): string => `{"timestamp":"2026-01-01T00:00:00Z","eventName":"x","traceId":"${n}"}`;

describe('connector', () => {
  let cluster: Cluster;
  let folder: string;
  let file: string;
  let stop: AbortController;

  beforeEach(async () => {
    cluster = await startCluster();
    folder = await tempDir();
    file = join(folder, 'events.jsonl');
    stop = new AbortController();
  });
  afterEach(() => cluster.close());

  const config = async (): Promise<Config> => {
    const set = [
      `output.hosts=["${cluster.url}"]`,
      `data_dir=${join(folder, 'data')}`,
      `inputs=[{type: file, paths: ["${file}"], poll_interval_s: 1}]`,
      'shutdown_timeout_s=1',
      'output.batch.max_age_s=1',
    ];
    return Promise.resolve(loadConfig({ env: {}, set, needs: { inputs: true } }));
  };
  const run = async (once: boolean): Promise<RunSummary> =>
    createConnector(await config(), { log: quiet, once }).run(stop.signal);

  it('ships what is there, once', async () => {
    await writeFile(file, `${event(1)}\n${event(2)}\n`);
    expect(await run(true)).to.include({ indexed: 2, rejected: 0 });
    expect(await run(true)).to.include({ indexed: 0, duplicates: 0 });
    expect(cluster.ids.size).to.equal(2);
  });

  it('writes rejects to disk while requests are stuck, so that they do not pile up in memory', async () => {
    cluster.mode = 'stuck';
    const junk = `${'x'.repeat(10_000)}\n`;
    await writeFile(file, `${event(1)}\n${junk.repeat(500)}`);
    const running = run(true);
    const stored = join(folder, 'data', 'rejects', 'rejects.jsonl');
    await eventually(async () => ((await stat(stored).catch(ignore))?.size ?? 0) > 3_000_000, true);
    stop.abort();
    await running;
    cluster.mode = 'well';
    stop = new AbortController();
    expect(await run(true)).to.include({ indexed: 1 });
  });

  it('ends a continuous run when rejects cannot be stored, and moves no position past them', async () => {
    await writeFile(file, `${event(1)}\n`);
    const running = run(false).then(
      () => undefined,
      (error: unknown) => error,
    );
    await eventually(() => Promise.resolve(cluster.ids.size), 1);
    await rm(join(folder, 'data', 'rejects'), { recursive: true });
    await writeFile(join(folder, 'data', 'rejects'), '');
    await appendFile(file, `no json\n${event(2)}\n`);
    expect(await running).to.include({ code: 'CCX_REJECT_WRITE' });
    await rm(join(folder, 'data', 'rejects'));
    expect(await run(true)).to.include({ rejected: 1 });
    expect(cluster.ids.size).to.equal(2);
  });

  it('reads a half-written last event again when the file has grown, also after a run with once', async () => {
    await writeFile(file, `${event(1)}\n${event(2).slice(0, 30)}`);
    expect(await run(true)).to.include({ indexed: 1, rejected: 1 });
    expect(await run(true)).to.include({ indexed: 0, rejected: 0 });
    await appendFile(file, `${event(2).slice(30)}\n`);
    expect(await run(true)).to.include({ indexed: 1, rejected: 0 });
    expect(cluster.ids.size).to.equal(2);
  });

  it('stops while the cluster takes connections and answers nothing', async () => {
    cluster.mode = 'silent';
    await writeFile(file, `${event(1)}\n`);
    const running = run(true);
    await sleep(300);
    stop.abort();
    expect(await running).to.include({ indexed: 0 });
  });

  it('stops within its time while a bulk request gets no answer, and ships the rest in the next run', async () => {
    cluster.mode = 'stuck';
    await writeFile(file, `${event(1)}\n${event(2)}\n`);
    const running = run(true);
    await sleep(500);
    stop.abort();
    expect((await running).indexed).to.equal(0);
    cluster.mode = 'well';
    stop = new AbortController();
    expect(await run(true)).to.include({ indexed: 2 });
  });

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  const rejects = (): string => join(folder, 'data', 'rejects', 'rejects.jsonl');

  it('refuses a second run on the same data_dir, and replays beside it', async () => {
    await writeFile(file, `${event(1)}\nnot an event\n`);
    const running = run(false);
    await eventually(() => Promise.resolve(cluster.ids.size), 1);
    expect(await failure(run(true))).to.include({ code: 'CCX_DATA_DIR_LOCKED', place: join(folder, 'data') });
    await eventually(async () => ((await stat(rejects()).catch(ignore))?.size ?? 0) > 0, true);
    const connector = createConnector(await config(), { log: quiet });
    expect(await connector.replay(stop.signal, ignore)).to.include({ unreadable: 1 });
    stop.abort();
    await running;
    stop = new AbortController();
    expect(await run(true)).to.include({ indexed: 0 });
    expect(await readdir(join(folder, 'data'))).to.not.include('run.lock');
  });

  it('ends loudly when another takes its data_dir, and acknowledges nothing more', async () => {
    await writeFile(file, `${event(1)}\n`);
    const running = failure(run(false));
    await eventually(() => Promise.resolve(cluster.ids.size), 1);
    const positions = join(folder, 'data', 'checkpoint.json');
    const kept = (): Promise<string> => readFile(positions, 'utf8').catch(() => '');
    await eventually(async () => /"offset":[1-9]/.test(await kept()), true);
    const before = await readFile(positions, 'utf8');
    await rm(join(folder, 'data', 'run.lock'));
    expect(await running).to.include({ code: 'CCX_DATA_DIR_LOST' });
    expect(await readFile(positions, 'utf8')).to.equal(before);
  });

  it('stops reading when the reject store is full, and goes on without loss once there is room', async () => {
    const junk = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(10_000)}\n${event(n)}\n`);
    await writeFile(file, junk.join(''));
    const bounded: Config = {
      ...(await config()),
      limits: { ...(await config()).limits, reject_store_bytes: 150_000 },
    };
    const runBounded = (): Promise<RunSummary> => createConnector(bounded, { log: quiet, once: true }).run(stop.signal);
    expect(await runBounded()).to.include({ rejected: 10 });
    await appendFile(file, junk.join('') + event(100));
    const full = await failure(runBounded());
    expect(full).to.include({ code: 'CCX_REJECT_FULL', place: rejects() });
    expect(cluster.ids.size).to.be.below(12);
    const store = await openRejectStore(join(folder, 'data'));
    for await (const { id } of store.read()) await store.remove([id]);
    expect(await runBounded()).to.include({ rejected: 10 });
    expect(await store.count()).to.equal(10);
    expect(cluster.ids.size).to.equal(11);
  });

  it('says when rejected events are missing that were on disk', async () => {
    await writeFile(file, `${event(1)}\nnot an event\n`);
    await run(true);
    await truncate(rejects(), 0);
    const { log, lines } = keepLog();
    await createConnector(await config(), { log, once: true }).run(stop.signal);
    const told = lines.filter(({ message }) => message.startsWith('rejected events are missing'));
    expect(told.map(({ path }) => path)).to.deep.equal([rejects()]);
  });

  it('keeps replaying apart from running: what is stored leaves the reject store', async () => {
    await writeFile(file, `${event(1)}\nnot an event\n`);
    await run(true);
    const record = {
      id: 'r1',
      time: '2026-01-01T00:00:00Z',
      reason: 'refused_by_engine',
      detail: '',
      origin: { input: 'file' },
      position: 0,
      length: 1,
    };
    await appendFile(
      join(folder, 'data', 'rejects', 'rejects.jsonl'),
      `${JSON.stringify({ ...record, event: event(7) })}\n`,
    );
    const connector = createConnector(await config(), { log: quiet });
    expect(await connector.replay(stop.signal, ignore)).to.deep.equal({
      stored: 1,
      refused: 0,
      unreadable: 1,
      damaged: 0,
    });
    expect(await connector.replay(stop.signal, ignore)).to.deep.equal({
      stored: 0,
      refused: 0,
      unreadable: 1,
      damaged: 0,
    });
    expect(cluster.ids.size).to.equal(2);
    expect(await readFile(join(folder, 'data', 'rejects', 'rejects.jsonl'), 'utf8')).to.include('not an event');
  });
});
