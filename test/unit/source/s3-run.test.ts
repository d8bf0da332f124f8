import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { systemClock } from '../../../src/clock.js';
import { loadConfig } from '../../../src/config.js';
import { createSender } from '../../../src/deliver.js';
import { createMapper } from '../../../src/map/mapper.js';
import { openRejectStore } from '../../../src/reject.js';
import { run, type RunSummary } from '../../../src/run.js';
import { s3Source } from '../../../src/source/s3.js';
import { createClient } from '../../../src/target/client.js';
import { createReader } from '../../../src/reader.js';
import { createValidator } from '../../../src/validate.js';
import { startBulkServer, type BulkServer } from '../../support/bulk-server.js';
import { S3Server } from '../../support/s3-server.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const EVENTS = 2000;

/** An object of events that no other object has. */
function events(object: number): Buffer {
  const line = (n: number): string =>
    JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', eventName: 'x', traceId: `${object}-${n * 7919}` });
  return gzipSync(Array.from({ length: EVENTS }, (_, n) => line(n)).join('\n'));
}

describe('a run on a bucket', function () {
  this.timeout(60_000);
  let store: S3Server;
  let engine: BulkServer;
  let folder: string;

  beforeEach(async () => {
    [store, engine, folder] = await Promise.all([S3Server.start(), startBulkServer({}), tempDir()]);
    for (let i = 0; i < 5; i += 1) store.put(`${i}.gz`, events(i));
  });
  afterEach(() => Promise.all([store.close(), engine.close()]));

  async function ship(once: boolean, signal = new AbortController().signal): Promise<RunSummary> {
    const set = [`output.hosts=["${engine.url}"]`, `data_dir=${folder}`, 'output.batch.max_events=100'];
    const config = loadConfig({ env: {}, set });
    const { log } = keepLog();
    const checkpoint = await openCheckpoint(folder, { logger: log });
    const source = s3Source(store.config(), { once, checkpoint, logger: log, clock: systemClock });
    const client = createClient(config.output);
    const rejects = await openRejectStore(folder);
    const mapper = createMapper({ namespace: 'default', internalNetworks: [], setIngested: true });
    const sender = createSender({ client, config: config.output, log });
    const { limits } = config;
    const reader = createReader({ mapper, validate: createValidator(), limits, clock: systemClock });
    const fixed = { config, reader, sender, rejects, clock: systemClock, log };
    await checkpoint.begin();
    try {
      const summary = await run({ ...fixed, sources: [source] }, signal);
      if (summary.unfinished === 0) checkpoint.finish();
      return summary;
    } finally {
      await source.close();
      await checkpoint.close();
      await rejects.close();
      await client.close();
    }
  }

  it('ships gzipped objects whose connections are cut, each event once', async () => {
    let gets = 0;
    store.fault = ({ kind }) => (kind === 'get' && (gets += 1) % 2 === 1 ? { kind: 'cut', after: 5000 } : undefined);
    expect(await ship(true)).to.deep.include({ indexed: 5 * EVENTS, rejected: 0, unfinished: 0 });
    expect(engine.stored.size).to.equal(5 * EVENTS);
    expect(store.requests.some(({ range }) => range !== undefined)).to.equal(true);
  });

  it('ends well when it is stopped in the middle of objects, and the next run ships the rest', async () => {
    store.fault = ({ kind }) => (kind === 'get' ? { kind: 'silence', after: 6000 } : undefined);
    const stop = new AbortController();
    const shipping = ship(false, stop.signal);
    while (engine.stored.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    expect(await shipping).to.include({ rejected: 0 });
    store.fault = () => undefined;
    expect(await ship(true)).to.include({ rejected: 0, unfinished: 0 });
    expect(engine.stored.size).to.equal(5 * EVENTS);
    expect((await ship(true)).indexed).to.equal(0);
  });

  it('ends well when it is stopped while an object has not a byte to give', async () => {
    store.fault = ({ key }) => (key === '3.gz' ? { kind: 'silence', after: 1 } : undefined);
    const stop = new AbortController();
    const shipping = ship(false, stop.signal);
    while (engine.stored.size === 0 || !store.seen('get').includes('3.gz'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    expect(await shipping).to.include({ rejected: 0 });
    store.fault = () => undefined;
    await ship(true);
    expect(engine.stored.size).to.equal(5 * EVENTS);
  });

  it('ships all other objects when one cannot be read, without a reject for it', async () => {
    store.fault = ({ key }) => (key === '2.gz' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined);
    const error: unknown = await ship(true).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_INPUT_UNREADABLE', place: 's3://logs/2.gz' });
    expect(engine.stored.size).to.equal(4 * EVENTS);
    store.fault = () => undefined;
    expect(await ship(true)).to.include({ indexed: EVENTS });
  });
});
