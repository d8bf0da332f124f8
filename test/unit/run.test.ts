import { expect } from 'chai';
import { systemClock } from '../../src/clock.js';
import { loadConfig } from '../../src/config.js';
import { ConnectorError } from '../../src/errors.js';
import { createMapper } from '../../src/map/mapper.js';
import type { Source } from '../../src/record.js';
import { openRejectStore } from '../../src/reject.js';
import { run, type RunSummary } from '../../src/run.js';
import { createReader } from '../../src/reader.js';
import { createValidator } from '../../src/validate.js';
import { createSender } from '../../src/deliver.js';
import { startBulkServer, type BulkServer, type BulkServerOptions } from '../support/bulk-server.js';
import { createClient } from '../../src/target/client.js';
import { keepLog, type LogLine } from '../support/sending.js';
import { sourceOf, type StreamPlan } from '../support/source-of.js';
import { tempDir } from '../support/temp-dir.js';

const event = (n: number | string): string => `{"timestamp":"2026-01-01T00:00:00Z","eventName":"x","traceId":"${n}"}\n`;
const stream = (id: string, ...chunks: StreamPlan['chunks']): StreamPlan => ({ id, chunks });

describe('run', () => {
  let server: BulkServer;
  let lines: LogLine[];

  let asked: string[];

  const begin = (options: BulkServerOptions = {}): Promise<BulkServer> =>
    startBulkServer({
      ...options,
      ask: ({ path }) => {
        asked.push(path);
        return { status: 200, body: { indices: [], aliases: [], data_streams: [] } };
      },
    });
  beforeEach(async () => {
    asked = [];
    server = await begin();
  });
  afterEach(() => server.close());

  /** Ships what the sources give, to the end. */
  async function ship(...sources: Source[]): Promise<RunSummary> {
    return shipUntil(new AbortController().signal, ...sources);
  }

  async function shipUntil(signal: AbortSignal, ...sources: Source[]): Promise<RunSummary> {
    const folder = await tempDir();
    const set = [`output.hosts=["${server.url}"]`, `data_dir=${folder}`, 'output.batch.max_age_s=0.01'];
    const config = loadConfig({ env: {}, set });
    const { log, lines: logged } = keepLog();
    lines = logged;
    const client = createClient(config.output);
    const rejects = await openRejectStore(folder);
    const mapper = createMapper({ namespace: 'default', internalNetworks: [], setIngested: true });
    const sender = createSender({ client, config: config.output, log });
    const reader = createReader({ mapper, validate: createValidator(), limits: config.limits, clock: systemClock });
    const stages = { config, sources, reader, sender, rejects, clock: systemClock, log };
    try {
      return await run(stages, signal);
    } finally {
      await rejects.close();
      await client.close();
    }
  }

  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const unreadable = new ConnectorError('CCX_INPUT_UNREADABLE', 'cut off', { place: 'there' });
  const notFound = new ConnectorError('CCX_INPUT_NOT_FOUND', 'does not exist', { place: 'nowhere' });

  it('reads as many streams side by side as the source wants', async () => {
    let arrived = 0;
    let open: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (open = resolve));
    // None of the three gets on before all are being read.
    const meet = (): Promise<void> => {
      if ((arrived += 1) === 3) open();
      return all;
    };
    const source = sourceOf(
      ['a', 'b', 'c', 'd', 'e'].map((id, i) => stream(id, ...(i < 3 ? [meet] : []), event(id))),
      3,
    );
    expect(await ship(source)).to.deep.include({ indexed: 5, unfinished: 0 });
    expect(source.most()).to.equal(3);
    expect([...source.acked.values()].every(({ done }) => done)).to.equal(true);
  });

  it('reads one stream after the other where the source does not say otherwise', async () => {
    const source = sourceOf(['a', 'b', 'c'].map((id) => stream(id, event(id))));
    await ship(source);
    expect(source.most()).to.equal(1);
  });

  it('keeps the positions of streams apart whose events share a batch', async () => {
    const source = sourceOf([stream('a', event(1), event(2)), stream('b', event(3))], 2);
    await ship(source);
    const offsets = Object.fromEntries([...source.acked].map(([id, { position }]) => [id, position.offset]));
    expect(offsets).to.deep.equal({ a: event(1).length * 2 - 1, b: event(3).length - 1 });
  });

  it('ships all other streams when one cannot be read to its end, and tells it then', async () => {
    const source = sourceOf([stream('a', event(1)), stream('b', event(2), unreadable), stream('c', event(3))], 2);
    expect(await failure(ship(source))).to.equal(unreadable);
    expect([...server.stored.keys()]).to.have.length(3);
    expect(source.acked.get('b')).to.deep.include({ done: false });
    expect(source.acked.get('c')).to.deep.include({ done: true });
    expect(lines.filter(({ level }) => level === 'error')).to.deep.equal([
      { level: 'error', message: 'cut off', place: 'there', code: 'CCX_INPUT_UNREADABLE' },
    ]);
  });

  it('ships all other inputs when one fails, and says so at once', async () => {
    const well = sourceOf([stream('a', event(1)), stream('b', event(2))]);
    const failing = sourceOf([stream('c', event(3)), notFound]);
    expect(await failure(ship(failing, well))).to.equal(notFound);
    expect(server.stored.size).to.equal(3);
    expect(well.acked.get('b')).to.deep.include({ done: true });
    expect(lines.find(({ level }) => level === 'error')).to.include({ code: 'CCX_INPUT_NOT_FOUND', place: 'nowhere' });
  });

  it('ends well when it is stopped while the bytes of a stream are waited for', async () => {
    const stop = new AbortController();
    const silent = (): Promise<never> =>
      new Promise((_, reject) => {
        stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error));
        setImmediate(() => stop.abort());
      });
    const source = sourceOf([stream('a', event(1), '{"half', silent, 'an event"}')]);
    expect(await shipUntil(stop.signal, source)).to.deep.include({ rejected: 0 });
    expect(source.acked.get('a')?.done ?? false).to.equal(false);
  });

  it('asks whether events of more than an hour ago are stored, and not for those of now', async () => {
    const at = (ms: number): string => event(1).replace('2026-01-01T00:00:00Z', new Date(ms).toISOString());
    await ship(sourceOf([stream('a', at(Date.now() - 30 * 60_000))]));
    expect(asked).to.deep.equal([]);
    await ship(sourceOf([stream('a', at(Date.now() - 90 * 60_000))]));
    expect(asked).to.deep.equal(['GET /_resolve/index/logs-cloudconnexa.other-default']);
  });

  it('asks for events that came into doubt while they waited for the cluster', async () => {
    const fresh = sourceOf([stream('a', event(1).replace('2026-01-01T00:00:00Z', new Date().toISOString()))]);
    let mayBeStored = false;
    const source: Source = {
      ...fresh,
      async *streams(signal) {
        for await (const one of fresh.streams(signal))
          yield Object.defineProperty({ ...one }, 'mayBeStored', { get: () => mayBeStored });
      },
    };
    await server.close();
    // The first try comes when nobody else can have stored them, the second one when that is over.
    server = await begin({ script: [{ kind: 'status', status: 429 }], onRequest: () => (mayBeStored = true) });
    expect(await ship(source)).to.include({ indexed: 1 });
    expect(asked).to.deep.equal(['GET /_resolve/index/logs-cloudconnexa.other-default']);
  });

  it('says nothing of a stream that its source reads again by itself', async () => {
    const again = { ...sourceOf([stream('a', event(1), unreadable), stream('a again', event(1))]) };
    const source: Source = {
      ...again,
      async *streams(signal) {
        for await (const one of again.streams(signal)) yield { ...one, retried: true };
      },
    };
    expect(await ship(source)).to.include({ indexed: 1, duplicates: 1 });
    expect(lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('stops all inputs for a failure that is not one of an input', async () => {
    const broken = sourceOf([stream('a', event(1), () => Promise.reject(new RangeError('broken')))]);
    const endless = sourceOf(Array.from({ length: 10_000 }, (_, i) => stream(`s${i}`, event(`${i}`))));
    expect(await failure(ship(broken, endless))).to.be.instanceOf(RangeError);
    expect(endless.acked.size).to.be.lessThan(10_000);
  });
});
