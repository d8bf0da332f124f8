import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { systemClock } from '../../../src/clock.js';
import type { S3InputConfig } from '../../../src/config.js';
import { s3Source } from '../../../src/source/s3.js';
import { checkpointFile, readBucket, type ReadOptions, type ReadResult } from '../../support/s3-reader.js';
import { S3Server, type S3Fault, type S3Request } from '../../support/s3-server.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const DAY_MS = 24 * 3_600_000;
const denied: S3Fault = { kind: 'error', status: 403, code: 'AccessDenied' };
const slowDown: S3Fault = { kind: 'error', status: 503, code: 'SlowDown' };

describe('the S3 source, when the store misbehaves', () => {
  let server: S3Server;
  let folder: string;

  beforeEach(async () => {
    [server, folder] = await Promise.all([S3Server.start(), tempDir()]);
  });
  afterEach(() => server.close());

  const read = (more: Partial<S3InputConfig> = {}, options: Partial<ReadOptions> = {}): Promise<ReadResult> =>
    readBucket({ config: server.config(more), folder, ...options });
  const keys = ({ read }: ReadResult): string[] => read.map(([key]) => key).sort();
  const errors = ({ lines }: ReadResult): unknown[] => lines.filter(({ level }) => level === 'error');
  const faultFor = (key: string, fault: S3Fault): ((request: S3Request) => S3Fault | undefined) => {
    return (request) => (request.key === key ? fault : undefined);
  };

  function putSome(count: number, modifiedMs = Date.now()): string[] {
    const names = Array.from({ length: count }, (_, i) => `k${String(i).padStart(6, '0')}`);
    for (const key of names) server.put(key, `text of ${key}`, { modifiedMs });
    return names;
  }

  it('reads objects byte by byte although every connection is cut', async () => {
    const body = randomBytes(60_000).toString('hex');
    server.put('a', body);
    let gets = 0;
    server.fault = ({ kind }) => (kind === 'get' && (gets += 1) < 3 ? { kind: 'cut', after: 30_000 } : undefined);
    expect((await read()).read).to.deep.equal([['a', body]]);
  });

  it('reads all others when an object fails, tries it again at the end, and names it then', async () => {
    putSome(5);
    server.fault = faultFor('k000002', denied);
    const result = await read();
    expect(keys(result)).to.have.length(4);
    expect(server.seen('get').filter((key) => key === 'k000002')).to.have.length(2);
    expect(errors(result)).to.have.length(1);
    expect(result.error).to.include({ code: 'CCX_INPUT_UNREADABLE', place: 's3://logs/k000002' });
    expect(result.error)
      .to.have.property('message')
      .that.matches(/^1 object could not be read: access is denied/);
  });

  it('ends well when the second try at the end succeeds', async () => {
    putSome(3);
    let failed = false;
    server.fault = ({ key }) => (key === 'k000001' && !failed ? ((failed = true), denied) : undefined);
    const result = await read();
    expect(keys(result)).to.have.length(3);
    expect(result.error).to.equal(undefined);
  });

  it('reads in the next run what failed in this one, also when it has become old', async () => {
    putSome(3);
    server.fault = faultFor('k000001', denied);
    await read();
    server.fault = () => undefined;
    const clock = { ...systemClock, now: () => Date.now() + 5 * DAY_MS };
    expect(keys(await read({}, { clock }))).to.deep.equal(['k000001']);
    expect(keys(await read({}, { clock }))).to.deep.equal([]);
  });

  it('tries failed objects again without end in a continuous run, and logs each failure once', async () => {
    putSome(3);
    server.fault = faultFor('k000001', { kind: 'error', status: 403, code: 'InvalidObjectState' });
    const stop = new AbortController();
    const onRead = (key: string): void => (key === 'k000001' ? stop.abort() : undefined);
    const reading = read({}, { stop: stop.signal, onRead });
    while (server.seen('get').filter((key) => key === 'k000001').length < 4) await pause(5);
    server.fault = () => undefined;
    const result = await reading;
    expect(keys(result)).to.have.length(3);
    expect(errors(result)).to.have.length(1);
    expect(errors(result)[0]).to.include({ code: 'CCX_INPUT_UNREADABLE', place: 's3://logs/k000001' });
  });

  it('logs once what fails for all objects alike', async () => {
    putSome(20);
    server.fault = ({ kind }) => (kind === 'get' ? denied : undefined);
    const result = await read();
    expect(errors(result)).to.have.length(1);
    expect(result.error)
      .to.have.property('message')
      .that.matches(/^20 objects could not be read/);
  });

  it('forgets an object that was denied and is not there any more', async () => {
    putSome(2);
    server.fault = faultFor('k000001', denied);
    const stop = new AbortController();
    const reading = read({}, { stop: stop.signal });
    while (!server.seen('get').includes('k000001')) await pause(5);
    server.objects.delete('k000001');
    // Far more polls than the longest wait between two tries.
    const polls = (): S3Request[] => server.requests.slice(-20);
    while (polls().some(({ kind }) => kind === 'get')) await pause(5);
    stop.abort();
    expect((await reading).lines.at(-1)).to.include({ level: 'warn', place: 's3://logs/k000001' });
  });

  it('says once that the bucket cannot be listed, goes on when it can, and has it as its fault meanwhile', async () => {
    putSome(2);
    server.fault = ({ kind }) => (kind === 'list' ? denied : undefined);
    const stop = new AbortController();
    const { log, lines } = keepLog();
    const checkpoint = await openCheckpoint(folder, { logger: log });
    // Waits between tries of the listing are seconds otherwise; what is longer is the time that an answer has.
    const clock = {
      ...systemClock,
      after: (ms: number, fire: () => void) => systemClock.after(ms > 60_000 ? ms : Math.min(ms, 10), fire),
    };
    const source = s3Source(server.config(), { once: false, checkpoint, logger: log, clock });
    const first = source.streams(stop.signal)[Symbol.asyncIterator]().next();
    while (source.fault === undefined) await pause(5);
    expect(source.fault).to.include({ code: 'CCX_INPUT_DENIED', place: 's3://logs' });
    stop.abort();
    expect(await first).to.include({ done: true });
    await source.close();
    await checkpoint.close();
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 'error', code: 'CCX_INPUT_DENIED', place: 's3://logs' });
  });

  it('throws what keeps it from listing at the end of a run with once, after what was listed before was read', async () => {
    putSome(1500);
    let lists = 0;
    server.fault = ({ kind }) =>
      kind === 'list' && (lists += 1) > 1 ? { kind: 'error', status: 400, code: 'ExpiredToken' } : undefined;
    const result = await read();
    expect(keys(result)).to.have.length(1000);
    expect(result.error).to.include({ code: 'CCX_INPUT_DENIED' });
    server.fault = () => undefined;
    expect(keys(await read())).to.have.length(500);
  }).timeout(60_000);

  it('gets through when the store asks for fewer requests now and then', async () => {
    putSome(20);
    let n = 0;
    server.fault = () => ((n += 1) % 5 === 0 ? slowDown : undefined);
    const result = await read();
    expect(keys(result)).to.have.length(20);
    expect(result.error).to.equal(undefined);
  });

  it('does not take a page of a proxy for a bucket without objects', async () => {
    putSome(2);
    server.fault = ({ kind }) => (kind === 'list' ? { kind: 'html', status: 200 } : undefined);
    expect((await read()).error).to.be.instanceOf(Error);
    server.fault = () => undefined;
    expect(keys(await read())).to.have.length(2);
  });

  it('does not list for ever when the store does not know where to go on', async () => {
    putSome(1500);
    server.knowsStartAfter = false;
    const result = await read();
    expect(result.error).to.have.property('message').that.contains('does not know start-after');
    expect(keys(result)).to.have.length(1000);
  }).timeout(60_000);

  it('gets over pages of the listing that hold no object', async () => {
    putSome(3);
    server.emptyPages = 3;
    const result = await read();
    expect(result.error).to.equal(undefined);
    expect(keys(result)).to.have.length(3);
  });

  it('leaves archived objects alone and says so once', async () => {
    server.put('a', 'x', { storageClass: 'GLACIER' });
    server.put('b', 'x', { storageClass: 'DEEP_ARCHIVE' });
    server.put('c', 'x', { storageClass: 'GLACIER_IR' });
    const result = await read();
    expect(keys(result)).to.deep.equal(['c']);
    expect(result.lines).to.have.length(1);
  });

  it('reads keys that XML cannot carry', async () => {
    const odd = ['a\nb', 'a\u0001b', 'a\r\nb', '\u0007'];
    for (const key of odd) server.put(key, key);
    expect(keys(await read())).to.deep.equal([...odd].sort());
  });

  it('reckons the horizon in the time of the store, not in that of a wrong clock', async () => {
    putSome(2);
    server.nowMs = () => Date.now() - 10 * DAY_MS;
    await read({}, {});
    server.put('z', 'new', { modifiedMs: server.nowMs() });
    expect(keys(await read())).to.deep.equal(['z']);
  });

  it('deletes an object only when it is on disk that it is done: a crash at that moment loses nothing', async () => {
    const names = putSome(3);
    const open: string[] = [];
    server.fault = ({ kind }) => {
      // What the next run would find: names of objects are on disk only while they are open.
      if (kind === 'delete') open.push(readFileSync(checkpointFile(folder), 'utf8'));
      return undefined;
    };
    await read({ on_done: 'delete' });
    expect(open).to.have.length(3);
    for (const state of open) expect(names.some((name) => state.includes(`"key":"${name}"`))).to.equal(false);
    expect(server.objects.size).to.equal(0);
  });

  it('deletes nothing while the disk takes nothing', async () => {
    putSome(3);
    let isFull = false;
    const guard = (): Promise<void> => (isFull ? Promise.reject(new Error('full')) : Promise.resolve());
    const { log } = keepLog();
    const checkpoint = await openCheckpoint(folder, { logger: log, guard });
    await checkpoint.begin();
    isFull = true;
    const config = server.config({ on_done: 'delete', parallel: 1 });
    const source = s3Source(config, { once: true, checkpoint, logger: log, clock: systemClock });
    let acked = 0;
    for await (const { id, bytes } of source.streams(new AbortController().signal)) {
      for await (const chunk of bytes) await source.ack(id, { offset: chunk.length, arrayDepth: 0 }, true);
      acked += 1;
    }
    await source.close();
    await checkpoint.close().catch(() => undefined);
    expect(acked).to.equal(3);
    expect(server.seen('delete')).to.deep.equal([]);
    expect(keys(await read())).to.have.length(3);
  });

  it('ends at once when it is stopped while the store is silent', async () => {
    putSome(2);
    server.fault = ({ kind }) => (kind === 'get' ? { kind: 'silence', after: 1 } : undefined);
    const stop = new AbortController();
    const reading = read({}, { stop: stop.signal });
    while (server.seen('get').length < 2) await pause(5);
    stop.abort();
    expect((await reading).read).to.deep.equal([]);
    server.fault = () => undefined;
    expect(keys(await read())).to.have.length(2);
  });

  it('ends at once when it is stopped while the listing is silent', async () => {
    server.fault = () => ({ kind: 'silence', after: 'head' });
    const stop = new AbortController();
    const reading = read({}, { stop: stop.signal });
    while (server.seen('list').length < 1) await pause(5);
    stop.abort();
    expect(await reading).to.include({ error: undefined });
  });

  it('loses nothing and reads little twice when it is killed again and again', async () => {
    const names = putSome(300);
    const found: string[] = [];
    for (let round = 0; found.length === 0 || new Set(found).size < names.length; round += 1) {
      const stop = new AbortController();
      let count = 0;
      const onRead = (key: string): void => {
        found.push(key);
        if ((count += 1) === 60) stop.abort();
      };
      // Every other run is killed without a last write of the checkpoint.
      await read({ parallel: 8 }, { stop: stop.signal, onRead, kill: round % 2 === 1 });
    }
    expect([...new Set(found)].sort()).to.deep.equal(names);
    expect((await read()).read).to.have.length.lessThan(80);
  }).timeout(60_000);

  it('keeps 16 bytes of each new object and of its key, and next to nothing of it when it has become old', async () => {
    putSome(2000);
    const result = await read({ parallel: 16 });
    expect(result.read).to.have.length(2000);
    expect((await stat(checkpointFile(folder))).size).to.be.within(2000 * 32, 2000 * 32 + 1000);
    const clock = { ...systemClock, now: () => Date.now() + 5 * DAY_MS };
    expect((await read({}, { clock })).read).to.deep.equal([]);
    expect((await stat(checkpointFile(folder))).size).to.be.lessThan(1000);
  }).timeout(60_000);

  it('keeps next to nothing of old objects that it reads for the first time', async () => {
    putSome(2000, Date.now() - 5 * DAY_MS);
    expect((await read({ parallel: 16 })).read).to.have.length(2000);
    expect((await stat(checkpointFile(folder))).size).to.be.lessThan(1000);
    expect((await read()).read).to.deep.equal([]);
  }).timeout(60_000);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
