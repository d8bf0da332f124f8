import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { systemClock, type Clock } from '../../../src/clock.js';
import type { S3InputConfig } from '../../../src/config.js';
import { useAws } from '../../support/aws.js';
import { readBucket, type ReadOptions, type ReadResult } from '../../support/s3-reader.js';
import { s3Config } from '../../support/s3-server.js';
import { tempDir } from '../../support/temp-dir.js';

const HOUR_MS = 3_600_000;

describe('the S3 source', () => {
  const aws = useAws();
  let bucket: string;
  let folder: string;

  beforeEach(async () => {
    [bucket, folder] = await Promise.all([aws().bucket(), tempDir()]);
  });

  const config = (more: Partial<S3InputConfig> = {}): S3InputConfig => s3Config({ ...aws().settings, bucket, ...more });
  const read = (more: Partial<S3InputConfig> = {}, options: Partial<ReadOptions> = {}): Promise<ReadResult> =>
    readBucket({ config: config(more), folder, ...options });
  const keys = ({ read }: ReadResult): string[] => read.map(([key]) => key).sort();
  const put = (key: string, text: string): Promise<void> => aws().put(bucket, key, text);
  const later = (ms: number): Clock => ({ ...systemClock, now: () => Date.now() + ms });

  it('reads all objects, each once, also in the runs that follow', async () => {
    await Promise.all(['b', 'a/1', 'a/2'].map((key) => put(key, `text of ${key}`)));
    expect((await read()).read.sort()).to.deep.equal([
      ['a/1', 'text of a/1'],
      ['a/2', 'text of a/2'],
      ['b', 'text of b'],
    ]);
    expect((await read()).read).to.deep.equal([]);
    await put('a/0', 'new');
    expect((await read()).read).to.deep.equal([['a/0', 'new']]);
  });

  it('describes a stream by bucket and key, with a stable id', async () => {
    await put('a', 'text');
    const [first] = (await read({}, { onRead: () => true })).streams;
    const [again] = (await read()).streams;
    expect(first).to.deep.include({
      origin: { input: 's3', bucket, key: 'a' },
      seeked: false,
      final: true,
    });
    expect(again?.id).to.equal(first?.id);
  });

  it('lists more objects than a page holds', async () => {
    const names = Array.from({ length: 1001 }, (_, i) => `k${i}`);
    for (let i = 0; i < names.length; i += 50) await Promise.all(names.slice(i, i + 50).map((key) => put(key, key)));
    expect(keys(await read({ parallel: 16 }))).to.deep.equal([...names].sort());
  }).timeout(60_000);

  it('reads what the prefix and the suffix leave', async () => {
    await Promise.all(['x/a.gz', 'x/a.txt', 'y/a.gz'].map((key) => put(key, key)));
    expect(keys(await read({ prefix: 'x/', suffix: '.gz' }))).to.deep.equal(['x/a.gz']);
  });

  it('takes objects without bytes for folders', async () => {
    await Promise.all([put('x/', ''), put('empty', ''), put('x/a', 'a')]);
    const { read: found, streams } = await read();
    expect(found).to.deep.equal([['x/a', 'a']]);
    expect(streams).to.have.length(1);
  });

  it('reads objects with odd keys', async () => {
    const odd = ['a b', 'a+b', 'a%2Bb', 'ü/ö€😀', '../../x', 'a&b<c>"d\'', 'a=b;c', 'x//y', '#?', '~*()!', '__proto__'];
    await Promise.all(odd.map((key) => put(key, key)));
    const { read: found } = await read();
    expect(found.map(([key]) => key).sort()).to.deep.equal([...odd].sort());
    expect(found.every(([key, text]) => key === text)).to.equal(true);
  });

  it('reads an object that was written anew in whole', async () => {
    await put('a', 'one');
    await read();
    await put('a', 'two');
    expect((await read()).read).to.deep.equal([['a', 'two']]);
  });

  it('says of an object that was written anew that it may be stored, across a clean end, too', async () => {
    await read();
    await put('a', 'one');
    await read();
    await Promise.all([put('a', 'one two'), put('b', 'one')]);
    const { streams } = await read();
    expect(streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([true, false]);
  });

  it('leaves objects alone that were modified before the start time, also later when they are old', async () => {
    await put('a', 'one');
    const start_time = new Date(Date.now() + HOUR_MS).toISOString();
    expect((await read({ start_time })).read).to.deep.equal([]);
    expect((await read({ start_time }, { clock: later(100 * HOUR_MS) })).read).to.deep.equal([]);
  });

  it('reads older objects when the start time is put back, and only those', async () => {
    await put('a', 'one');
    const start_time = new Date(Date.now() + HOUR_MS).toISOString();
    await read({ start_time }, { clock: later(100 * HOUR_MS) });
    expect((await read({}, { clock: later(100 * HOUR_MS) })).read).to.deep.equal([['a', 'one']]);
    expect((await read({}, { clock: later(100 * HOUR_MS) })).read).to.deep.equal([]);
  });

  it('goes on looking for new objects in a continuous run', async () => {
    await put('a', 'one');
    const stop = new AbortController();
    const onRead = async (key: string): Promise<void> => {
      if (key === 'b') stop.abort();
      else await put('b', 'two');
    };
    expect(keys(await read({}, { stop: stop.signal, onRead }))).to.deep.equal(['a', 'b']);
  });

  it('goes on after a stop in the middle, and finds what came behind its cursor', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => put(`k${i + 10}`, 'x')));
    const stop = new AbortController();
    let count = 0;
    const onRead = (): void => void ((count += 1) === 5 && stop.abort());
    const first = await read({ parallel: 1 }, { stop: stop.signal, onRead });
    expect(first.read).to.have.length(5);
    await put('a', 'behind the cursor');
    const second = await read();
    expect(keys(first).concat(keys(second)).sort()).to.deep.equal(
      ['a', ...Array.from({ length: 20 }, (_, i) => `k${i + 10}`)].sort(),
    );
  });

  it('reads again what a killed run could not write down, and says that it may be stored', async () => {
    await Promise.all([put('a', 'one'), put('b', 'two')]);
    await read({}, { kill: true });
    const { streams } = await read();
    expect(streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([true, true]);
  });

  it('says of objects after a clean end that they are not stored', async () => {
    await read();
    await put('a', 'one');
    expect((await read()).streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([false]);
  });

  it('still says it of objects that a killed run may have stored, when the run after it did not get to them', async () => {
    await Promise.all([put('a', 'one'), put('b', 'two')]);
    await read({}, { kill: true });
    const stop = new AbortController();
    const stopped = await read({ parallel: 1 }, { stop: stop.signal, onRead: () => stop.abort() });
    expect(keys(stopped)).to.deep.equal(['a']);
    expect((await read()).streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([true]);
  });

  it('goes on inside an object at the position acknowledged', async () => {
    await put('a', 'one two');
    const ackAt = { offset: 4, arrayDepth: 1 };
    const { streams } = await read({}, { ackAt, onRead: () => true });
    expect(streams[0]?.resume).to.deep.equal({ offset: 0, arrayDepth: 0 });
    expect((await read()).streams[0]).to.deep.include({ resume: ackAt, mayBeStored: true });
  });

  it('finds an object that turns up late, within the horizon', async () => {
    await put('b', 'one');
    await read({}, { clock: later(47 * HOUR_MS) });
    await put('a', 'late');
    expect((await read({}, { clock: later(47 * HOUR_MS) })).read).to.deep.equal([['a', 'late']]);
  });

  it('takes an object that turns up later than the horizon for done', async () => {
    await put('b', 'one');
    await read({}, { clock: later(50 * HOUR_MS) });
    await put('a', 'too late');
    expect((await read({}, { clock: later(50 * HOUR_MS) })).read).to.deep.equal([]);
  });

  it('deletes objects when they are done', async () => {
    await Promise.all([put('a', 'one'), put('b', 'two')]);
    await read({ on_done: 'delete' }, { onRead: (key) => key === 'b' });
    expect(await left()).to.deep.equal(['b']);
  });

  it('does not delete what was written anew meanwhile', async () => {
    await put('a', 'one');
    await read({ on_done: 'delete' }, { onRead: () => put('a', 'two') });
    expect(await left()).to.deep.equal(['a']);
    expect((await read({ on_done: 'delete' })).read).to.deep.equal([['a', 'two']]);
    expect(await left()).to.deep.equal([]);
  });

  it('tags objects when they are done, and keeps their other tags', async () => {
    await put('a', 'one');
    const TagSet = [
      { Key: 'team', Value: 'soc' },
      { Key: 'state', Value: 'new' },
    ];
    await aws().s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'a', Tagging: { TagSet } }));
    await read({ on_done: 'tag', done_tag: 'state=done=1' });
    const tags = await aws().s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'a' }));
    expect(tags.TagSet).to.deep.equal([TagSet[0], { Key: 'state', Value: 'done=1' }]);
  });

  it('warns of an object that is deleted before it is read, and goes on', async () => {
    await Promise.all([put('a', 'one'), put('b', 'two')]);
    const onRead = async (key: string): Promise<void> => {
      if (key === 'a') await aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'b' }));
    };
    const { read: found, lines, error } = await read({ parallel: 1 }, { onRead });
    expect(found.filter(([, text]) => text !== '')).to.deep.equal([['a', 'one']]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 'warn', place: `s3://${bucket}/b` });
    expect(error).to.equal(undefined);
  });

  it('reads an object that changes between listing and reading as it is then, once', async () => {
    await Promise.all([put('a', 'one'), put('b', 'old')]);
    const onRead = async (key: string): Promise<void> => {
      if (key === 'a') await put('b', 'new');
    };
    const { read: found, error } = await read({ parallel: 1 }, { onRead });
    expect(found).to.deep.equal([
      ['a', 'one'],
      ['b', 'new'],
    ]);
    expect(error).to.equal(undefined);
  });

  it('names a bucket that does not exist', async () => {
    const { error } = await read({ bucket: 'no-such-bucket-here' });
    expect(error).to.include({ code: 'CCX_INPUT_NOT_FOUND', place: 's3://no-such-bucket-here' });
  });

  async function left(): Promise<string[]> {
    const { Contents = [] } = await aws().s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }
});
