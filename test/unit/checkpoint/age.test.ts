import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, type Checkpoint, type NewEntry } from '../../../src/checkpoint.js';
import { restMs } from '../../../src/checkpoint/pace.js';
import { seal } from '../../../src/seal.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;
const NOW = Date.UTC(2026, 0, 1);
const entry: NewEntry = { position: { offset: 1, arrayDepth: 0 }, done: true };

describe('the age of checkpoint entries', () => {
  let folder: string;
  let checkpoint: Checkpoint;
  let time: ManualClock;

  /** A run whose machine says that it is `ms`. */
  async function start(ms: number): Promise<void> {
    time = manualClock(ms);
    checkpoint = await openCheckpoint(folder, { logger: keepLog().log, clock: time.clock });
    await checkpoint.begin();
  }
  /** What is left when all of `seen` were seen. */
  function look(...seen: string[]): string[] {
    for (const id of seen) checkpoint.see(id);
    checkpoint.forget();
    return [...checkpoint.entries()].map(([id]) => id);
  }

  beforeEach(async () => {
    folder = await tempDir();
    await start(NOW);
    for (const id of ['a', 'b']) checkpoint.set(id, entry);
  });
  afterEach(() => checkpoint.close());

  it('forgets what was not seen for 30 days, and keeps what was', () => {
    time.advance(29 * DAY_MS);
    expect(look('a')).to.deep.equal(['a', 'b']);
    time.advance(2 * DAY_MS);
    expect(look('a')).to.deep.equal(['a']);
  });

  it('forgets in short runs as in long ones', async () => {
    for (let day = 1; day <= 31; day += 1) {
      await checkpoint.close();
      await start(NOW + day * DAY_MS);
      look('a');
    }
    expect(look('a')).to.deep.equal(['a']);
  });

  it('forgets nothing by itself: who could not look for a month still needs what it knows', async () => {
    time.advance(60 * DAY_MS);
    await checkpoint.flush();
    expect([...checkpoint.entries()]).to.have.length(2);
  });

  for (const [what, years] of [
    ['forward', 50],
    ['back', -50],
  ] as const) {
    it(`forgets nothing when the clock is set ${what} by years while it runs`, () => {
      time.jump(years * YEAR_MS);
      expect(look()).to.deep.equal(['a', 'b']);
    });

    it(`forgets nothing when the clock is set ${what} by years between two runs, and right again at the next`, async () => {
      for (const ms of [NOW + years * YEAR_MS, NOW + DAY_MS]) {
        await checkpoint.close();
        await start(ms);
        expect(look()).to.deep.equal(['a', 'b']);
      }
    });
  }

  it('forgets nothing when the connector was off for years', async () => {
    await checkpoint.close();
    await start(NOW + 3 * YEAR_MS);
    expect(look()).to.deep.equal(['a', 'b']);
  });

  it('never forgets what is to last', () => {
    checkpoint.set('s3', { ...entry, lasting: true });
    time.advance(YEAR_MS);
    expect(look()).to.deep.equal(['s3']);
  });

  it('lets entries of older files, whose times are those of some clock, begin anew', async () => {
    await checkpoint.close();
    const old = (seenMs: number): object => ({ ...entry, seenMs });
    const entries = { past: old(0), future: old(NOW + 50 * YEAR_MS), s3: old(Number.MAX_SAFE_INTEGER) };
    const content = { format: 'cloudconnexa-ecs checkpoint', version: 3, clean: true, entries };
    await writeFile(join(folder, 'checkpoint.json'), `${seal(content)}\n`);
    await start(NOW);
    expect(look()).to.deep.equal(['past', 'future', 's3']);
    time.advance(31 * DAY_MS);
    expect(look()).to.deep.equal(['s3']);
  });
});

describe('the pace of checkpoint writes', () => {
  it('is a second where writes are quick, 2 % of the time where they are not, and never more than a minute', () => {
    expect([0, 20, 100, 1200, 5000].map((tookMs) => restMs(tookMs, 1000))).to.deep.equal([
      1000, 1000, 5000, 60_000, 60_000,
    ]);
  });

  it('follows the last write, and a flush does not wait for it', async () => {
    const folder = await tempDir();
    const time = manualClock(NOW);
    const isWritten = async (id: string): Promise<boolean> =>
      (await readFile(join(folder, 'checkpoint.json'), 'utf8')).includes(`"${id}"`);
    // A disk that takes 200 ms for each write.
    let calls = 0;
    const clock = { ...time.clock, steady: () => NOW + (calls += 1) * 200 };
    const checkpoint = await openCheckpoint(folder, { logger: keepLog().log, clock });
    await checkpoint.begin();
    checkpoint.set('a', entry);
    time.advance(5_000);
    expect(time.pending()).to.equal(1);
    await checkpoint.flush();
    expect(await isWritten('a')).to.equal(true);
    checkpoint.set('b', entry);
    await checkpoint.close();
    expect(await isWritten('b')).to.equal(true);
    expect(time.pending()).to.equal(0);
  });
});
