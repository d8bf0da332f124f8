import { expect } from 'chai';
import { createWriteStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCheckpoint, type Checkpoint } from '../../src/checkpoint.js';
import { systemClock } from '../../src/clock.js';
import { loadConfig } from '../../src/config.js';
import { createSender } from '../../src/deliver.js';
import { createMapper } from '../../src/map/mapper.js';
import type { Source } from '../../src/record.js';
import { openRejectStore } from '../../src/reject.js';
import { run } from '../../src/run.js';
import { fileSource } from '../../src/source/file.js';
import { s3Source } from '../../src/source/s3.js';
import { sqsSource } from '../../src/source/sqs.js';
import { createClient } from '../../src/target/client.js';
import { createReader } from '../../src/reader.js';
import { createValidator } from '../../src/validate.js';
import { useAws } from '../support/aws.js';
import { startBulkServer, type BulkServer, type Fault } from '../support/bulk-server.js';
import { counted, type Counted } from '../support/counted-source.js';
import { S3Server } from '../support/s3-server.js';
import { keepLog } from '../support/sending.js';
import { tempDir } from '../support/temp-dir.js';
import { sqsConfig } from './source/sqs-parts.js';

const MAX_BYTES = 64 * 1024;
const IN_FLIGHT = 2;
const PARALLEL = 2;
/** What a stream has read and not yet put into a batch: a chunk of a file, or of the network. */
const READ_AHEAD = 128 * 1024;
/** Batches under way, one that waits for its place, and one that is open. */
const BOUND = (IN_FLIGHT + 2) * MAX_BYTES + PARALLEL * READ_AHEAD;
const MB = 1024 * 1024;

const never: Fault = { kind: 'answer', as: 'never' };
const unavailable: Fault = { kind: 'status', status: 503 };

/** Lines of events, about so many bytes, numbered from `from`. */
function events(bytes: number, from = 0): string {
  const line = (n: number): string =>
    `{"timestamp":"2026-01-01T00:00:00Z","eventName":"x","traceId":"${String(from + n).padStart(60, '0')}"}\n`;
  return Array.from({ length: Math.ceil(bytes / line(0).length) }, (_, n) => line(n)).join('');
}

describe('back-pressure', function () {
  this.timeout(120_000);
  let folder: string;
  let engine: BulkServer;
  let made: (() => Promise<unknown>)[];

  beforeEach(async () => {
    folder = await tempDir();
    made = [];
  });
  afterEach(async () => {
    for (const close of made.reverse()) await close();
  });

  interface Shipping {
    readonly source: Counted;
    readonly done: Promise<unknown>;
    /** Waits until nothing more is read; gives the bytes that are held. */
    readonly held: () => Promise<number>;
  }

  /** Ships from a source to an engine that does `script` to its requests. */
  async function ship(make: (checkpoint: Checkpoint) => Source, script: readonly Fault[]): Promise<Shipping> {
    engine = await startBulkServer({ script });
    const data = await tempDir();
    const set = [
      `output.hosts=["${engine.url}"]`,
      `output.max_in_flight=${IN_FLIGHT}`,
      `output.batch.max_bytes=${MAX_BYTES}`,
      'output.retry.initial_ms=1',
      'output.retry.max_s=0.02',
      'shutdown_timeout_s=1',
    ];
    const config = loadConfig({ env: {}, set });
    const { log } = keepLog();
    const checkpoint = await openCheckpoint(data, { logger: log });
    const source = counted(make(checkpoint));
    const client = createClient(config.output);
    const rejects = await openRejectStore(data);
    const mapper = createMapper({ namespace: 'default', internalNetworks: [], setIngested: true });
    const sender = createSender({ client, config: config.output, log });
    const { limits } = config;
    const reader = createReader({ mapper, validate: createValidator(), limits, clock: systemClock });
    const fixed = { config, reader, sender, rejects, clock: systemClock, log };
    const stop = new AbortController();
    const done = run({ ...fixed, sources: [source] }, stop.signal);
    done.catch(() => undefined);
    made.push(async () => {
      stop.abort();
      sender.abort();
      await done.catch(() => undefined);
      await Promise.all([source.close(), engine.close(), rejects.close(), checkpoint.close()]);
      await client.close();
    });
    const held = async (): Promise<number> => {
      while (engine.requests.length < IN_FLIGHT) await sleep(10);
      let before = -1;
      for (let same = 0; same < 5; same += 1) {
        if (source.held !== before) same = 0;
        before = source.held;
        await sleep(10);
      }
      return source.held;
    };
    return { source, done, held };
  }

  const file = (checkpoint: Checkpoint, once = false): Source =>
    fileSource(
      { type: 'file', paths: [join(folder, '*.log')], poll_interval_s: 0.01 },
      { once, checkpoint, logger: keepLog().log },
    );
  async function write(name: string, bytes: number): Promise<void> {
    const out = createWriteStream(join(folder, name));
    for (let at = 0; at < bytes; at += MB) out.write(events(MB, at));
    await new Promise<void>((resolve) => out.end(() => resolve()));
  }

  for (const [what, fault] of [
    ['takes requests and never answers', never],
    ['answers 503', unavailable],
  ] as const)
    for (const size of [4, 16])
      it(`holds a few batches of a growing file of ${size} MB while the engine ${what}`, async () => {
        await write('a.log', size * MB);
        const { held } = await ship(
          file,
          Array.from({ length: 100_000 }, () => fault),
        );
        const first = await held();
        expect(first).to.be.within(1, BOUND);
        for (let i = 0; i < 4; i += 1) await appendFile(join(folder, 'a.log'), events(MB, 1e9 + i * MB));
        expect(await held()).to.equal(first);
      });

  it('reads on when the engine is well again, and loses nothing', async () => {
    await write('a.log', 2 * MB);
    const { source, done } = await ship(
      (checkpoint) => file(checkpoint, true),
      Array.from({ length: 50 }, () => unavailable),
    );
    expect(await done).to.deep.include({ unfinished: 0, rejected: 0 });
    expect(engine.stored.size).to.equal(2 * events(MB).split('\n').length - 2);
    // The line break behind the last event.
    expect(source.held).to.equal(1);
  });

  for (const count of [4, 16])
    it(`holds a few batches of ${count} objects of 1 MB in a bucket while the engine never answers`, async () => {
      const store = await S3Server.start();
      made.push(() => store.close());
      for (let i = 0; i < count; i += 1) store.put(`k${i}`, events(MB, i * MB));
      const { log: logger } = keepLog();
      const open = (checkpoint: Checkpoint): Source =>
        s3Source(store.config({ parallel: PARALLEL }), { once: false, checkpoint, logger, clock: systemClock });
      const { held } = await ship(open, [never, never]);
      expect(await held()).to.be.within(1, BOUND);
    });

  describe('of a queue', () => {
    const aws = useAws();
    for (const count of [2, 8])
      it(`holds a few batches of ${count} objects of 1 MB while the engine never answers`, async () => {
        const { bucket, queueUrl } = await aws().announcedBucket();
        for (let i = 0; i < count; i += 1) await aws().put(bucket, `k${i}`, events(MB, i * MB));
        const config = sqsConfig(aws(), queueUrl, { parallel: PARALLEL });
        const { held } = await ship(
          () => sqsSource(config, { once: false, logger: keepLog().log, clock: systemClock }),
          [never, never],
        );
        expect(await held()).to.be.within(1, BOUND);
      });
  });
});
