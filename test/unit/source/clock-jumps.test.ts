import { expect } from 'chai';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { systemClock } from '../../../src/clock.js';
import type { Source } from '../../../src/record.js';
import { s3Source } from '../../../src/source/s3.js';
import { sqsSource } from '../../../src/source/sqs.js';
import { useAws } from '../../support/aws.js';
import { S3Server } from '../../support/s3-server.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';
import { readAll, sqsConfig } from './sqs-parts.js';

const YEAR_MS = 365 * 86_400_000;

describe('a clock that is set while an input runs', function () {
  this.timeout(60_000);
  const aws = useAws();
  const realNow = Date.now;
  afterEach(() => {
    Date.now = realNow;
  });

  /**
   * Follows a source; after each object the clock is set by so many years, and the next object comes.
   * @returns the keys in the order in which they were read.
   */
  async function follow(source: Source, put: (key: string) => unknown, years: readonly number[]): Promise<string[]> {
    const stop = new AbortController();
    const keys: string[] = [];
    const onRead = async ({ origin: { key = '' } }: { origin: { key?: string } }): Promise<void> => {
      keys.push(key);
      const next = years[keys.length - 1];
      if (next === undefined) return stop.abort();
      // What `systemClock` and the SDK go by, as when a machine's clock is set.
      Date.now = () => realNow() + next * YEAR_MS;
      await put(`k${keys.length}`);
    };
    await put('k0');
    await readAll(source, { signal: stop.signal, onRead });
    await source.close();
    return keys;
  }
  const jumps = [10, -10, 0];
  const all = ['k0', 'k1', 'k2', 'k3'];

  it('keeps no new object of a bucket from being read, and has none read twice', async () => {
    const store = await S3Server.start();
    // The store's own clock is right, and another machine's.
    store.nowMs = realNow;
    const { log, lines } = keepLog();
    const checkpoint = await openCheckpoint(await tempDir(), { logger: log });
    const source = s3Source(store.config(), { once: false, checkpoint, logger: log, clock: systemClock });
    const put = (key: string): void => store.put(key, key, { modifiedMs: realNow() });
    expect(await follow(source, put, jumps)).to.deep.equal(all);
    await checkpoint.close();
    await store.close();
    expect(store.seen('get')).to.deep.equal(all);
    expect(lines).to.deep.equal([]);
  });

  it('keeps no message of a queue from being read and deleted', async () => {
    const { bucket, queueUrl } = await aws().announcedBucket();
    const { log, lines } = keepLog();
    const config = sqsConfig(aws(), queueUrl, { wait_time_s: 1 });
    const source = sqsSource(config, { once: false, logger: log, clock: systemClock });
    expect(await follow(source, (key) => aws().put(bucket, key, key), jumps)).to.deep.equal(all);
    expect(await aws().count(queueUrl)).to.deep.equal({ visible: 0, hidden: 0 });
    expect(lines.filter(({ level }) => level !== 'info')).to.deep.equal([]);
  });
});
