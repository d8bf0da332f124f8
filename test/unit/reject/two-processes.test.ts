import { expect } from 'chai';
import { openRejectStore } from '../../../src/reject.js';
import { keep, rejectOf, rejectsIn } from '../../support/reject-records.js';
import { tempDir } from '../../support/temp-dir.js';
import { startWorker, type Worker } from '../../support/worker.js';

const BATCHES = 15;
/** A batch is larger than what Node.js writes at once (512 KiB), and the size of a record divides none of that. */
const RECORDS = 1500;

describe('a reject store that two processes write to', () => {
  let directory: string;
  let worker: Worker;

  beforeEach(async () => {
    directory = await tempDir();
    worker = await startWorker('removal-worker', [directory]);
  });

  /** Keeps batches while the other process takes records out. */
  async function fill(): Promise<void> {
    const store = await openRejectStore(directory);
    for (let batch = 0; batch < BATCHES; batch++)
      await keep(store, ...Array.from({ length: RECORDS }, (_, n) => rejectOf('x'.repeat(600), batch * RECORDS + n)));
    await worker.kill();
  }

  async function check(): Promise<void> {
    const { records, damaged } = await rejectsIn(directory);
    expect(damaged).to.deep.equal([]);
    const found = new Set(records.map(({ position }) => position));
    const missing = Array.from({ length: BATCHES * RECORDS }, (_, n) => n).filter((n) => !found.has(n));
    expect(missing).to.deep.equal([]);
  }

  it('has every record that one of them kept while the other took out others', async function () {
    this.timeout(60_000);
    await fill();
    await check();
  });

  it('has every record when it is written anew meanwhile, too', async function () {
    this.timeout(60_000);
    const other = await openRejectStore(directory);
    let isFull = false;
    const compacted = (async () => {
      while (!isFull) await other.compact();
    })();
    await fill();
    isFull = true;
    await compacted;
    await check();
    expect(await other.damagedFile()).to.equal(undefined);
  });
});
