import { expect } from 'chai';
import { stat } from 'node:fs/promises';
import { openCheckpoint, type Checkpoint } from '../../../src/checkpoint.js';
import { digestOf, type Listed } from '../../../src/source/s3/listing.js';
import { S3State } from '../../../src/source/s3/state.js';
import { checkpointFile } from '../../support/s3-reader.js';
import { manualClock } from '../../support/manual-clock.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-06-01T00:00:00Z');
const listed = (key: string, ms = NOW): Listed => ({ key, etag: '"e"', ms, size: 1, archived: false });

describe('what is remembered of a bucket', () => {
  let folder: string;
  let checkpoint: Checkpoint;
  let state: S3State;
  const time = manualClock(NOW);

  async function start(): Promise<void> {
    checkpoint = await openCheckpoint(folder, { logger: keepLog().log, clock: time.clock });
    state = new S3State({ checkpoint, id: 's3:test' });
  }
  async function restart(): Promise<void> {
    checkpoint.finish();
    await checkpoint.close();
    await start();
  }
  const isNew = (object: Listed): boolean => state.isNew(digestOf(object), object);
  const open = (object: Listed): void => {
    state.open(digestOf(object), object);
    state.moveTo(object.key);
  };
  const pass = (nowMs = NOW, fromMs = 0): boolean => state.beginPass(nowMs, 48 * HOUR_MS, fromMs);

  beforeEach(async () => {
    folder = await tempDir();
    await start();
  });
  afterEach(() => checkpoint.close());

  it('keeps the cursor and the open objects with their positions', async () => {
    pass();
    open(listed('a'));
    open(listed('b'));
    state.finish(digestOf(listed('a')));
    state.progress(digestOf(listed('b')), { offset: 7, arrayDepth: 1 });
    await restart();
    expect(state.cursor).to.equal('b');
    expect(state.openEntries().map(([, { key, offset, depth }]) => ({ key, offset, depth }))).to.deep.equal([
      { key: 'b', offset: 7, depth: 1 },
    ]);
    expect([listed('a'), listed('b'), listed('c')].map(isNew)).to.deep.equal([false, false, true]);
  });

  describe('of an object whose key had another version before', () => {
    const anew = (ms: number): boolean => {
      const object = { ...listed('a', ms), etag: `"${ms}"` };
      open(object);
      state.endPass();
      const entry = state.get(digestOf(object));
      state.finish(digestOf(object));
      pass(ms);
      return entry?.anew === true;
    };

    it('that its events may be stored, for hours after the last one', async () => {
      pass();
      expect(anew(NOW)).to.equal(false);
      expect([anew(NOW + 1.5 * HOUR_MS), anew(NOW + 3 * HOUR_MS)]).to.deep.equal([true, true]);
      await restart();
      expect(anew(NOW + 4.5 * HOUR_MS)).to.equal(true);
    });

    it('not for ever: older events are looked up anyway', () => {
      pass();
      anew(NOW);
      open(listed('b', NOW + 4 * HOUR_MS));
      state.endPass();
      pass(NOW + 4 * HOUR_MS);
      expect(anew(NOW + 4 * HOUR_MS)).to.equal(false);
    });
  });

  it('does not take new objects for done when the store was set years ahead and back', () => {
    const yearsAhead = NOW + 12 * 365 * 24 * HOUR_MS;
    expect(pass(yearsAhead)).to.equal(true);
    state.endPass();
    expect(isNew(listed('new', NOW))).to.equal(false);
    expect(pass(NOW)).to.equal(false);
    expect(isNew(listed('new', NOW))).to.equal(true);
    // What is read again may be stored.
    open(listed('new', NOW));
    const [[digest, entry] = ['', undefined]] = state.openEntries();
    expect(entry && state.isUnsure(digest, entry)).to.equal(true);
    state.endPass();
    expect(pass(NOW)).to.equal(true);
  });

  it('begins the pass anew that was begun in the future', () => {
    pass(NOW + 12 * 365 * 24 * HOUR_MS);
    state.moveTo('m');
    pass(NOW);
    expect(state.cursor).to.equal('');
  });

  it('does not count as done what a later start_time left alone in the middle of a pass', () => {
    const old = NOW - 100 * HOUR_MS;
    pass(NOW, 0);
    state.moveTo('m');
    pass(NOW, NOW - 50 * HOUR_MS);
    state.endPass();
    // start_time is taken back: now it is wanted.
    pass(NOW, 0);
    expect(isNew(listed('z', old))).to.equal(true);
  });

  it('trusts nothing of a bucket it has no state of, also where the run before ended cleanly', async () => {
    await restart();
    expect(checkpoint.clean).to.equal(true);
    // As with another prefix, suffix or endpoint: maybe the same objects.
    state = new S3State({ checkpoint, id: 's3:another' });
    pass();
    open(listed('a'));
    const entry = state.get(digestOf(listed('a')));
    expect(entry && state.isUnsure(digestOf(listed('a')), entry)).to.equal(true);
  });

  it('never puts a position back', () => {
    pass();
    open(listed('a'));
    state.progress(digestOf(listed('a')), { offset: 7, arrayDepth: 0 });
    state.progress(digestOf(listed('a')), { offset: 3, arrayDepth: 0 });
    expect(state.get(digestOf(listed('a')))?.offset).to.equal(7);
  });

  it('knows an object by key and ETag together', () => {
    pass();
    open(listed('a'));
    expect(isNew({ ...listed('a'), etag: '"f"' })).to.equal(true);
    expect(digestOf({ key: 'ab', etag: 'c' })).not.to.equal(digestOf({ key: 'a', etag: 'bc' }));
    expect(digestOf({ key: 'a', etag: '"x"' })).to.equal(digestOf({ key: 'a', etag: 'x' }));
  });

  it('keeps an open object from becoming done by age', async () => {
    pass();
    open(listed('a', NOW - 100 * HOUR_MS));
    state.endPass();
    await restart();
    expect(state.openEntries()).to.have.length(1);
    state.finish(digestOf(listed('a')));
    expect(isNew(listed('a', NOW - 100 * HOUR_MS))).to.equal(false);
  });

  it('knows an object that gets done in a later pass than the one that found it', () => {
    pass();
    open(listed('a', NOW));
    state.endPass();
    pass(NOW + 100 * HOUR_MS);
    state.finish(digestOf(listed('a')));
    expect(isNew(listed('a', NOW))).to.equal(false);
    state.endPass();
    expect(isNew(listed('a', NOW))).to.equal(false);
  });

  it('does not move the horizon back when the listing horizon is made longer', () => {
    pass();
    state.endPass();
    state.beginPass(NOW, 1000 * HOUR_MS, 0);
    state.endPass();
    expect(isNew(listed('a', NOW - 100 * HOUR_MS))).to.equal(false);
  });

  it('outlives a year in which nothing was heard of the bucket', async () => {
    pass();
    open(listed('a'));
    state.finish(digestOf(listed('a')));
    time.advance(365 * 24 * HOUR_MS);
    checkpoint.forget();
    await restart();
    state = new S3State({ checkpoint, id: 's3:test' });
    expect(isNew(listed('a'))).to.equal(false);
  });

  it('keeps 50,000 objects within the horizon in less than 1 MB', async () => {
    pass();
    for (let i = 0; i < 50_000; i += 1) {
      const object = listed(`key ${i}`, NOW - (i % 48) * HOUR_MS);
      open(object);
      state.finish(digestOf(object));
    }
    state.endPass();
    await restart();
    expect((await stat(checkpointFile(folder))).size).to.be.within(50_000 * 16, 1_000_000);
    expect(isNew(listed('key 49999', NOW - (49_999 % 48) * HOUR_MS))).to.equal(false);
    expect(isNew(listed('key 50000'))).to.equal(true);
  });
});
