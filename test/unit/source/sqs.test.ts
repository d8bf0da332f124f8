import { DeleteQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteObjectCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '../../../src/errors.js';
import type { InputStream, Source } from '../../../src/record.js';
import { useAws } from '../../support/aws.js';
import { eventually } from '../../support/eventually.js';
import {
  awsProxy,
  end,
  quickSource,
  readAll,
  snsTopic,
  textOf,
  type AwsFault,
  type Line,
  type SourceChanges,
} from './sqs-parts.js';

const empty = { visible: 0, hidden: 0 };

describe('source: sqs', function () {
  this.timeout(30_000);
  const aws = useAws();
  let lines: Line[];
  let made: (() => unknown)[];

  beforeEach(() => {
    lines = [];
    made = [];
  });
  afterEach(async () => {
    for (const close of made.reverse()) await close();
  });

  const open = (queueUrl: string, changes: SourceChanges = {}): Source => {
    const source = quickSource(aws(), queueUrl, lines, changes);
    made.push(() => source.close());
    return source;
  };
  /** The same queue and store, reached through a proxy. */
  const faulty = async (
    queueUrl: string,
    fault: AwsFault,
  ): Promise<{ url: string; endpoint: string; asked: readonly { operation: string; body: string }[] }> => {
    const proxy = await awsProxy(aws().settings.endpoint, fault);
    made.push(() => proxy.close());
    return { url: `${proxy.url}${new URL(queueUrl).pathname}`, endpoint: proxy.url, asked: proxy.asked };
  };
  /** A queue, and a bucket whose test message was read. */
  const announced = async (attributes?: Record<string, string>): Promise<{ bucket: string; queueUrl: string }> => {
    const place = await aws().announcedBucket(attributes);
    await readAll(open(place.queueUrl));
    lines.length = 0;
    return place;
  };
  const send = (queueUrl: string, body: unknown): Promise<{ MessageId?: string | undefined }> =>
    aws().sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const notice = (bucket: string, ...keys: string[]): unknown => ({
    Records: keys.map((key) => ({
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key, eTag: `etag-of-${key}`, sequencer: `seq-${key}` } },
    })),
  });
  const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectorError)) throw error;
    return error;
  };
  /** The only stream that is there. */
  const first = async (source: Source): Promise<InputStream> => {
    const step = await source.streams(new AbortController().signal)[Symbol.asyncIterator]().next();
    if (step.done === true) throw new Error('there is no stream');
    return step.value;
  };
  const left = async (queueUrl: string): Promise<number> => {
    const { visible, hidden } = await aws().count(queueUrl);
    return visible + hidden;
  };
  const levels = (level: string): string[] =>
    lines.filter((line) => line.level === level).map(({ message }) => message);

  it('reads announced objects and deletes their messages', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'Cloud Connexa/ü+1.json', 'one');
    await aws().put(bucket, '2.json', 'two');
    const source = open(queueUrl);
    const { texts, streams } = await readAll(source);
    await source.close();
    expect(Object.fromEntries(texts)).to.deep.equal({ 'Cloud Connexa/ü+1.json': 'one', '2.json': 'two' });
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
    expect(streams[0]?.origin).to.include({ input: 'sqs', bucket });
    expect(streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([false, false]);
    expect(new Set(streams.map(({ id }) => id)).size).to.equal(2);
  });

  it("deletes S3's test message and says that it came", async () => {
    const { queueUrl } = await aws().announcedBucket();
    const source = open(queueUrl);
    await readAll(source);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
    expect(levels('info')).to.deep.equal(["S3's test message came: notifications reach the queue"]);
  });

  it('deletes notifications of anything but creation', async () => {
    const { url } = await aws().queue();
    await send(url, { Records: [{ eventName: 'ObjectRemoved:Delete', s3: {} }] });
    const source = open(url);
    await readAll(source);
    await source.close();
    expect(await aws().count(url)).to.deep.equal(empty);
  });

  it('does not delete a message before all of its objects are acknowledged', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a', 'A');
    await aws().put(bucket, 'b', 'B');
    await send(url, notice(bucket, 'a', 'b'));
    const source = open(url);
    const { streams } = await readAll(source, { ack: false });
    await source.ack(streams[0]?.id ?? '', end, true);
    await source.ack(streams[1]?.id ?? '', end, false);
    await sleep(300);
    expect(await aws().count(url)).to.deep.equal({ visible: 0, hidden: 1 });
    await source.ack(streams[1]?.id ?? '', end, true);
    await source.close();
    expect(await aws().count(url)).to.deep.equal(empty);
  });

  it('keeps a message hidden for as long as it is held', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    const source = open(queueUrl, { visibility_timeout_s: 1, once: false });
    const stream = await first(source);
    await textOf(stream);
    for (let look = 0; look < 8; look += 1) {
      await sleep(400);
      expect((await aws().count(queueUrl)).visible).to.equal(0);
    }
    await source.ack(stream.id, end, true);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
  });

  it('shows what is not finished to others at once when it is closed', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    const before = open(queueUrl, { visibility_timeout_s: 3600 });
    await readAll(before, { ack: false });
    await before.close();
    const { streams, texts } = await readAll(open(queueUrl));
    expect([...texts.values()]).to.deep.equal(['A']);
    expect(streams[0]?.mayBeStored).to.equal(true);
  });

  it('leaves a message to others when the process is gone', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    // As a connector that was killed: received, and never heard of again.
    await aws().sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 1 }));
    const stop = new AbortController();
    const reading = readAll(open(queueUrl, { once: false }), { signal: stop.signal, onRead: () => stop.abort() });
    expect([...(await reading).texts.values()]).to.deep.equal(['A']);
  });

  it('holds few messages that are not being read', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    for (const key of ['1', '2', '3', '4', '5', '6', '7', '8']) await send(url, notice(bucket, key));
    const source = open(url, { once: false, parallel: 2 });
    await first(source);
    await sleep(300);
    expect(await aws().count(url)).to.deep.equal({ visible: 6, hidden: 2 });
  });

  it('waits for an empty queue in a continuous run, and ends with its signal', async () => {
    const { bucket, queueUrl } = await announced();
    const stop = new AbortController();
    const reading = readAll(open(queueUrl, { once: false }), { signal: stop.signal, onRead: () => stop.abort() });
    await sleep(1500);
    await aws().put(bucket, 'late', 'L');
    expect([...(await reading).texts.keys()]).to.deep.equal(['late']);
  });

  for (const raw of [false, true])
    it(`reads what comes through SNS, ${raw ? 'delivered raw' : 'in its envelope'}`, async () => {
      const { url, arn } = await aws().queue();
      const bucket = await aws().bucket();
      const topic = await snsTopic(aws(), arn, raw);
      await aws().s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: bucket,
          NotificationConfiguration: { TopicConfigurations: [{ TopicArn: topic, Events: ['s3:ObjectCreated:*'] }] },
        }),
      );
      await aws().put(bucket, 'a b', 'A');
      const source = open(url);
      const { texts } = await readAll(source);
      await source.close();
      expect(Object.fromEntries(texts)).to.deep.equal({ 'a b': 'A' });
      expect(await aws().count(url)).to.deep.equal(empty);
    });

  it('waits for objects under way before it says, with once, that there is nothing more', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    let failures = 1;
    const proxy = await faulty(queueUrl, ({ operation }) =>
      operation.includes('/a') && failures-- > 0 ? { status: 403, body: '' } : undefined,
    );
    const source = open(proxy.url, { endpoint: proxy.endpoint, parallel: 4 });
    const { streams, texts } = await readAll(source);
    expect(streams).to.have.length(2);
    expect([...texts.values()]).to.deep.equal(['A']);
  });

  it('takes an object that is gone for done, and says so', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'gone', 'G');
    await aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone' }));
    const source = open(queueUrl);
    await readAll(source);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
    expect(lines.find(({ level }) => level === 'warn')?.fields).to.include({ place: `s3://${bucket}/gone` });
  });

  it('leaves out folders', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'folder/', '');
    const source = open(queueUrl);
    expect((await readAll(source)).streams).to.deep.equal([]);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
  });

  it('never deletes a foreign message, and tells what it saw once', async () => {
    const { url } = await aws().queue();
    await send(url, { token: 's3cret' });
    const source = open(url, { once: false, visibility_timeout_s: 1 });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(() => Promise.resolve(lines.length), 1);
    await sleep(2500);
    stop.abort();
    await reading;
    expect(await left(url)).to.equal(1);
    expect(levels('warn')).to.deep.equal(['a message is no notification of S3; it is left in the queue']);
    expect(JSON.stringify(lines)).to.include('a JSON object with the fields').and.not.to.include('s3cret');
  });

  it('reports a message that fails again and again as poison, with its object and reason', async () => {
    const { url } = await aws().queue();
    const { MessageId } = await send(url, notice('no-such-bucket', 'a'));
    const source = open(url, { once: false, visibility_timeout_s: 1, poison_receives: 2 });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(() => Promise.resolve(levels('error').length), 1);
    stop.abort();
    await reading;
    const fields = lines.find(({ level }) => level === 'error')?.fields;
    expect(fields).to.include({ code: 'CCX_INPUT_POISON', queue: url, message_id: MessageId, receives: 2 });
    expect(JSON.stringify(fields)).to.include('s3://no-such-bucket/a').and.include('NoSuchBucket');
    expect(levels('error')[0]).to.include('redrive policy');
    expect(await left(url)).to.equal(1);
  });

  it('tries a failed object again while its message is held, without reading the others again', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'good', 'G');
    await aws().put(bucket, 'bad', 'B');
    await send(url, notice(bucket, 'good', 'bad'));
    let failures = 2;
    const proxy = await faulty(url, ({ operation }) =>
      operation.includes('/bad') && failures-- > 0 ? { status: 403, body: '' } : undefined,
    );
    const source = open(proxy.url, { endpoint: proxy.endpoint });
    const { texts } = await readAll(source);
    await source.close();
    expect(Object.fromEntries(texts)).to.deep.equal({ good: 'G', bad: 'B' });
    expect(proxy.asked.filter(({ operation }) => operation.includes('/good'))).to.have.length(1);
    expect(await aws().count(url)).to.deep.equal(empty);
  });

  it('lets a message go when an object cannot be read, and reads only that one when it comes again', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'good', 'G');
    await aws().put(bucket, 'bad', 'B');
    await send(url, notice(bucket, 'good', 'bad'));
    let denied = true;
    const proxy = await faulty(url, ({ operation }) =>
      denied && operation.includes('/bad') ? { status: 403, body: '' } : undefined,
    );
    const source = open(proxy.url, { endpoint: proxy.endpoint, once: false, visibility_timeout_s: 1 });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(
      () => Promise.resolve(levels('warn').at(-1)),
      'objects of a message could not be read; it comes again',
    );
    expect(lines.at(-1)?.fields).to.include({ receives: 1, comes_again_s: 1 });
    denied = false;
    // A message that becomes visible while the two are counted is in neither count.
    await eventually(
      () => Promise.resolve(proxy.asked.some(({ operation }) => operation === 'DeleteMessageBatch')),
      true,
    );
    await eventually(() => left(url), 0);
    stop.abort();
    const { texts, streams } = await reading;
    expect(texts.get('bad')).to.equal('B');
    expect(proxy.asked.filter(({ operation }) => operation.includes('/good'))).to.have.length(1);
    expect(streams.at(-1)?.mayBeStored).to.equal(true);
  });

  it('reads other messages while one fails', async () => {
    const { bucket, queueUrl } = await announced();
    await send(queueUrl, notice('no-such-bucket', 'a'));
    await aws().put(bucket, 'good', 'G');
    const source = open(queueUrl);
    const reading: Awaited<ReturnType<typeof readAll>> = { streams: [], texts: new Map() };
    const error = await failureOf(readAll(source, { into: reading }));
    await source.close();
    expect([...reading.texts.values()]).to.deep.equal(['G']);
    expect(error.code).to.equal('CCX_INPUT_UNREADABLE');
    expect(error.place).to.equal('s3://no-such-bucket/a');
    expect(await left(queueUrl)).to.equal(1);
  });

  it('ends the reading of an object with the reason of the stop, and never as if it were whole', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    const source = open(queueUrl, { once: false });
    const stop = new AbortController();
    const stream = (await source.streams(stop.signal)[Symbol.asyncIterator]().next()).value as InputStream;
    stop.abort(new Error('stopped'));
    const error = await textOf(stream).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.equal(stop.signal.reason);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal({ visible: 1, hidden: 0 });
  });

  it('throws when an object breaks off in its middle, and gives it anew from its start', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'first half, second half');
    let gets = 0;
    const proxy = await faulty(queueUrl, ({ operation }) => {
      if (!operation.startsWith('GET ')) return undefined;
      gets += 1;
      return gets === 1 ? 'half' : gets === 2 ? { status: 403, body: '' } : undefined;
    });
    const source = open(proxy.url, { endpoint: proxy.endpoint });
    const streams = source.streams(new AbortController().signal)[Symbol.asyncIterator]();
    const broken = (await streams.next()).value as InputStream;
    const error = await failureOf(textOf(broken));
    expect(error.message).to.include('reading stopped after');
    const again = (await streams.next()).value as InputStream;
    expect(again.id).not.to.equal(broken.id);
    expect(again.mayBeStored).to.equal(true);
    expect(await textOf(again)).to.equal('first half, second half');
    await source.ack(broken.id, end, true);
    await source.ack(again.id, end, true);
    await source.close();
    expect(await aws().count(queueUrl)).to.deep.equal(empty);
  });

  it('knows an object that was announced twice', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a', 'A');
    await send(url, notice(bucket, 'a'));
    await send(url, notice(bucket, 'a'));
    const source = open(url, { parallel: 1 });
    const { streams } = await readAll(source);
    await source.close();
    expect(streams).to.have.length(1);
    expect(await aws().count(url)).to.deep.equal(empty);
  });

  it('says of an object announced twice at the same time that its events may be stored', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a', 'A');
    await send(url, notice(bucket, 'a'));
    await send(url, notice(bucket, 'a'));
    const { streams } = await readAll(open(url), { ack: false });
    expect(streams.map(({ mayBeStored }) => mayBeStored)).to.deep.equal([false, true]);
  });

  it('tries a failed deletion again', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    let failures = 4;
    const proxy = await faulty(queueUrl, ({ operation }) =>
      operation === 'DeleteMessageBatch' && failures-- > 0 ? { status: 503 } : undefined,
    );
    const source = open(proxy.url, { once: false });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(() => left(queueUrl), 0);
    stop.abort();
    await reading;
    expect(levels('error')).to.have.length(1);
    expect(levels('error')[0]).to.match(/^messages cannot be deleted: /);
  });

  it('says what it could not delete when it is closed', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    const proxy = await faulty(queueUrl, ({ operation }) =>
      operation === 'DeleteMessageBatch' ? { status: 400, body: '{"__type":"AccessDenied"}' } : undefined,
    );
    const source = open(proxy.url);
    await readAll(source);
    await source.close();
    expect(levels('warn')).to.deep.equal([
      'a finished message could not be deleted; it comes again, which is harmless',
    ]);
    expect((await aws().count(queueUrl)).hidden).to.equal(1);
  });

  it('deletes in batches', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    const keys = Array.from({ length: 20 }, (_, number) => `k${number}`);
    for (const key of keys) await aws().put(bucket, key, key);
    for (const key of keys) await send(url, notice(bucket, key));
    const proxy = await faulty(url, () => undefined);
    const source = open(proxy.url, { parallel: 10 });
    const { streams, texts } = await readAll(source, { ack: false });
    expect(texts.size).to.equal(20);
    for (const { id } of streams) await source.ack(id, end, true);
    await source.close();
    expect(proxy.asked.filter(({ operation }) => operation === 'DeleteMessageBatch').length).to.be.at.most(3);
    expect(await aws().count(url)).to.deep.equal(empty);
  });

  it('asks a queue that fails again, and says it once', async () => {
    const { bucket, queueUrl } = await announced();
    await aws().put(bucket, 'a', 'A');
    let failures = 12;
    const proxy = await faulty(queueUrl, ({ operation }) =>
      operation === 'ReceiveMessage' && failures-- > 0 ? { status: 503 } : undefined,
    );
    const source = open(proxy.url, { once: false });
    const stop = new AbortController();
    const { texts } = await readAll(source, { signal: stop.signal, onRead: () => stop.abort() });
    expect([...texts.values()]).to.deep.equal(['A']);
    expect(levels('error')).to.have.length(1);
    expect(levels('info')).to.deep.equal(['no longer so: messages cannot be received']);
    expect(source.fault).to.equal(undefined);
  });

  it('throws with once when the queue does not exist', async () => {
    const { url } = await aws().queue();
    await aws().sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    const error = await failureOf(readAll(open(url)));
    expect(error.code).to.equal('CCX_INPUT_NOT_FOUND');
    expect(error.place).to.equal(url);
  });

  it('throws with once when the queue is denied, without the secret', async () => {
    const { url } = await aws().queue();
    const proxy = await faulty(url, () => ({ status: 403, body: '{"__type":"AccessDeniedException","message":"no"}' }));
    const error = await failureOf(readAll(open(proxy.url)));
    expect(error.code).to.equal('CCX_INPUT_DENIED');
    expect(error.remedy).to.include('sqs:ReceiveMessage');
    expect(`${error.message} ${error.remedy} ${JSON.stringify(lines)}`).not.to.include('test-secret-key');
  });

  it('shows a failing queue as its fault', async () => {
    const { url } = await aws().queue();
    const proxy = await faulty(url, () => ({ status: 403, body: '{"__type":"AccessDeniedException"}' }));
    const source = open(proxy.url, { once: false });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(() => Promise.resolve(source.fault?.code), 'CCX_INPUT_DENIED');
    stop.abort();
    await reading;
  });

  it('reads no more of a message that is no longer ours', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a', 'A');
    await send(url, notice(bucket, 'a', 'b', 'c'));
    const gone = { Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }] };
    const proxy = await faulty(url, ({ operation }) =>
      operation === 'ChangeMessageVisibilityBatch' ? { status: 200, body: JSON.stringify(gone) } : undefined,
    );
    const source = open(proxy.url, { parallel: 1, visibility_timeout_s: 3 });
    const { streams } = await readAll(source, {
      onRead: () => eventually(() => Promise.resolve(levels('warn').length), 1),
    });
    await source.close();
    expect(streams.map(({ origin }) => origin.key)).to.deep.equal(['a']);
    expect(proxy.asked.some(({ operation }) => operation === 'DeleteMessageBatch')).to.equal(false);
  });

  it('shares a queue: each of two readers gets its part, and nothing is read twice', async () => {
    const { url } = await aws().queue();
    const bucket = await aws().bucket();
    const keys = Array.from({ length: 24 }, (_, number) => `k${number}`);
    for (const key of keys) await aws().put(bucket, key, key);
    for (const key of keys) await send(url, notice(bucket, key));
    const both = await Promise.all([readAll(open(url)), readAll(open(url))]);
    const read = both.flatMap(({ streams }) => streams.map(({ origin }) => origin.key));
    expect(read).to.have.members(keys);
  });
});
