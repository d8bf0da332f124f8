import { expect } from 'chai';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { rejectsIn } from '../../support/reject-records.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';
import { startWorker, type WorkerOptions } from '../../support/worker.js';

/** What a process said before it ended. */
interface Account {
  readonly kept: Set<number>;
  readonly dropped: Set<number>;
  last: number;
  end: string;
}

describe('a data_dir whose process is ended', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await tempDir();
  });

  /** Runs a process on the data_dir that is killed after it has said so many lines, at whatever it is doing then. */
  async function runFor(account: Account, lines: number, options?: WorkerOptions): Promise<void> {
    const worker = await startWorker('disk-worker', [directory, String(account.last + 1)], options);
    let isGoingOn = true;
    for (let heard = 0; isGoingOn && heard < lines; heard++) isGoingOn = note(account, await worker.hear());
    await worker.kill();
    // What it said before the kill came, and did.
    while (isGoingOn) {
      const said = await worker.hear();
      isGoingOn = said !== 'ended' && note(account, said);
    }
  }

  /** @returns whether the process goes on after that */
  function note(account: Account, said: string): boolean {
    const [what, number] = said.split(' ');
    if (number === undefined) {
      account.end = said;
      return false;
    }
    account.last = Number(number);
    if (what === 'kept') account.kept.add(account.last);
    else account.dropped.add(account.last);
    return true;
  }

  /** Everything that was said to be kept is there, but for what was being dropped; and the position is not behind. */
  async function check({ kept, dropped, last }: Account): Promise<void> {
    const { records, damaged } = await rejectsIn(directory);
    const found = new Set(records.map(({ position }) => position));
    for (const n of kept) if (!dropped.has(n)) expect(found.has(n), `record ${n}`).to.equal(true);
    // What is being written when the process ends.
    expect(damaged.length).to.be.below(2);
    const { log, lines: warnings } = keepLog();
    const checkpoint = await openCheckpoint(directory, { logger: log });
    expect(checkpoint.get('a')?.position.offset).to.be.at.least(last);
    expect(warnings).to.deep.equal([]);
  }

  const nothing = (): Account => ({ kept: new Set(), dropped: new Set(), last: -1, end: '' });

  it('by kill -9 at any moment has everything that was durable, and is nobody else’s', async function () {
    this.timeout(120_000);
    const account = nothing();
    for (const lines of [3, 20, 7, 31, 12]) {
      await runFor(account, lines);
      expect(account.end).to.equal('');
      await check(account);
    }
  });

  it('by a disk that takes no more has everything that was durable, and goes on when there is room', async function () {
    this.timeout(60_000);
    const account = nothing();
    await runFor(account, 1000, { fileBytes: 16_384 });
    expect(account.end).to.equal('CCX_REJECT_WRITE');
    await check(account);
    account.end = '';
    await runFor(account, 10);
    expect(account.end).to.equal('');
    await check(account);
  });
});
