import { expect } from 'chai';
import { mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { openCheckpoint, type Checkpoint, type NewEntry } from '../../../src/checkpoint.js';

function entry(offset: number): NewEntry {
  return { position: { offset, arrayDepth: 0 }, done: false };
}

describe('the checkpoint', () => {
  let directory: string;
  let current: string;
  let warnings: string[];
  const logger = { warn: (...args: unknown[]): void => void warnings.push(String(args.at(-1))) };
  const reopen = (): Promise<Checkpoint> => openCheckpoint(directory, { logger });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'checkpoint-'));
    current = join(directory, 'checkpoint.json');
    warnings = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Two generations: offset 1, then offset 2. */
  async function twoGenerations(): Promise<void> {
    const checkpoint = await reopen();
    checkpoint.set('a', entry(1));
    await checkpoint.flush();
    checkpoint.set('a', entry(2));
    await checkpoint.close();
  }

  it('gives back after a restart what was flushed', async () => {
    await twoGenerations();
    expect((await reopen()).get('a')?.position).to.deep.equal({ offset: 2, arrayDepth: 0 });
    expect(warnings).to.deep.equal([]);
  });

  it('is readable for its owner only', async () => {
    await twoGenerations();
    expect((await stat(current)).mode & 0o777).to.equal(0o600);
  });

  it('survives a crash between the two renames', async () => {
    await twoGenerations();
    await rename(current, join(directory, 'checkpoint.next.json'));
    expect((await reopen()).get('a')?.position.offset).to.equal(2);
    expect(warnings).to.deep.equal([]);
  });

  it('is not misled by a temporary file that a crash left torn', async () => {
    await twoGenerations();
    await rename(current, join(directory, 'checkpoint.next.json'));
    await truncate(join(directory, 'checkpoint.next.json'), 50);
    expect((await reopen()).get('a')?.position.offset).to.equal(1);
  });

  it('writes by itself after a while', async () => {
    const checkpoint = await openCheckpoint(directory, { logger, writeDelayMs: 1 });
    checkpoint.set('a', entry(5));
    while ((await readFile(current, 'utf8').catch(() => '')) === '')
      await new Promise((resolve) => setTimeout(resolve, 2));
    expect((await reopen()).get('a')?.position.offset).to.equal(5);
  });

  it('keeps what is set while it writes for the next write', async () => {
    const checkpoint = await reopen();
    checkpoint.set('a', entry(1));
    const first = checkpoint.flush();
    checkpoint.set('a', entry(2));
    await Promise.all([first, checkpoint.flush(), checkpoint.flush()]);
    expect((await reopen()).get('a')?.position.offset).to.equal(2);
  });

  it('says when it cannot write', async () => {
    const checkpoint = await reopen();
    await rm(directory, { recursive: true });
    checkpoint.set('a', entry(1));
    const error = await checkpoint.flush().catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_CHECKPOINT_WRITE', place: current });
    await openCheckpoint(directory, { logger });
    await checkpoint.flush();
    expect((await reopen()).get('a')?.position.offset).to.equal(1);
  });

  it('asks before each write whether it may, and writes nothing when it may not', async () => {
    await twoGenerations();
    const lost = new Error('not yours any more');
    const guarded = await openCheckpoint(directory, { logger, guard: () => Promise.reject(lost) });
    guarded.set('a', entry(9));
    expect(await guarded.flush().catch((error: unknown) => error)).to.equal(lost);
    expect((await reopen()).get('a')?.position.offset).to.equal(2);
  });

  it('says once that it is stuck when the disk takes nothing for long', async () => {
    const stuck: unknown[] = [];
    const onStuck = (error: unknown): void => void stuck.push(error);
    const checkpoint = await openCheckpoint(directory, { logger, writeDelayMs: 1, onStuck });
    await rm(directory, { recursive: true });
    checkpoint.set('a', entry(1));
    await eventually(() => Promise.resolve(stuck.length), 1);
    expect(stuck[0]).to.include({ code: 'CCX_CHECKPOINT_WRITE' });
    expect(warnings).to.have.length(1);
    await openCheckpoint(directory, { logger });
    await checkpoint.close();
  });

  describe('knows whether the run before ended cleanly', () => {
    /** A run that acknowledged something; `finished` when it ended as it should. */
    async function runOnce(finished: boolean): Promise<Checkpoint> {
      const checkpoint = await reopen();
      await checkpoint.begin();
      checkpoint.set('a', entry(1));
      if (finished) checkpoint.finish();
      await checkpoint.close();
      return checkpoint;
    }

    it('when it did, and it began not knowing', async () => {
      expect((await runOnce(true)).clean).to.equal(false);
      const next = await reopen();
      expect([next.clean, next.get('a')?.unsure]).to.deep.equal([true, undefined]);
    });

    it('when it ended with something unfinished', async () => {
      await runOnce(false);
      const next = await reopen();
      expect([next.clean, next.get('a')?.unsure]).to.deep.equal([false, true]);
    });

    it('when it was killed after it had begun', async () => {
      await runOnce(true);
      await (await reopen()).begin();
      const next = await reopen();
      expect([next.clean, next.get('a')?.unsure]).to.deep.equal([false, true]);
    });

    it('when it came to an end before it sent anything', async () => {
      await runOnce(true);
      const idle = await reopen();
      idle.set('b', entry(0));
      await idle.close();
      expect((await reopen()).clean).to.equal(true);
    });

    it('keeps in doubt, through a clean run, what that did not read to its end', async () => {
      await runOnce(false);
      const checkpoint = await reopen();
      await checkpoint.begin();
      checkpoint.finish();
      await checkpoint.close();
      const next = await reopen();
      expect([next.clean, next.get('a')?.unsure]).to.deep.equal([true, true]);
    });

    it('and trusts no older generation in this', async () => {
      await runOnce(true);
      await (await reopen()).begin();
      await rm(current);
      expect((await reopen()).clean).to.equal(false);
    });

    it('and no mark that was altered', async () => {
      await runOnce(false);
      await writeFile(current, (await readFile(current, 'utf8')).replace('"clean":false', '"clean":true'));
      expect((await reopen()).clean).to.equal(false);
      expect(warnings).to.have.length(1);
    });
  });
});
