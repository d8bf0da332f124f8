import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../src/config.js';
import { createConnector } from '../../../src/connector.js';
import type { InputStream, Source } from '../../../src/record.js';
import { useAws } from '../../support/aws.js';
import { startBulkServer } from '../../support/bulk-server.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import {
  awsProxy,
  end,
  quickSource,
  readAll,
  textOf,
  type Asked,
  recordingLogger,
  type AwsFault,
  type Line,
  type SourceChanges,
} from './sqs-parts.js';

const AWAY = 'no object can be read; messages are held until one can, and hardly any are received';

describe('source: sqs, while others are away', function () {
  this.timeout(60_000);
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

  const open = (queueUrl: string, changes: SourceChanges): Source => {
    const source = quickSource(aws(), queueUrl, lines, { once: false, visibility_timeout_s: 1, ...changes });
    made.push(() => source.close());
    return source;
  };
  /** A queue that gives messages up after three receives, its dead-letter queue, and a bucket with objects announced there. */
  const announced = async (count: number): Promise<{ url: string; dead: string; bucket: string; keys: string[] }> => {
    const dead = await aws().queue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 });
    const { url } = await aws().queue({ RedrivePolicy });
    const bucket = await aws().bucket();
    const keys = Array.from({ length: count }, (_, n) => `k${n}`);
    for (const key of keys) {
      await aws().put(bucket, key, `text of ${key}`);
      await announce(url, bucket, key);
    }
    return { url, dead: dead.url, bucket, keys };
  };
  const announce = (url: string, bucket: string, key: string): Promise<unknown> =>
    aws().sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify({
          Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, eTag: key } } }],
        }),
      }),
    );
  const store = async (fault: AwsFault): Promise<string> => {
    const proxy = await awsProxy(aws().settings.endpoint, fault);
    made.push(() => proxy.close());
    return proxy.url;
  };
  const left = async (url: string): Promise<number> => {
    const { visible, hidden } = await aws().count(url);
    return visible + hidden;
  };
  const levels = (level: string): string[] =>
    lines.filter((line) => line.level === level).map(({ message }) => message);

  for (const [what, status] of [
    ['out of order', 503],
    ['closed to these credentials', 403],
  ] as const)
    it(`lets no message near the dead-letter queue while the store is ${what}`, async () => {
      const { url, dead, keys } = await announced(12);
      let isAway = true;
      const endpoint = await store(({ operation }) =>
        isAway && operation.startsWith('GET ') ? { status, body: '' } : undefined,
      );
      const source = open(url, { endpoint, parallel: 2 });
      const stop = new AbortController();
      const into = { streams: [] as InputStream[], texts: new Map<string, string>() };
      const reading = readAll(source, { signal: stop.signal, into });
      await eventually(() => Promise.resolve(levels('error').length), 1);
      // Many times the visibility timeout: the SDK's own tries of a 503 make each of ours last.
      await sleep(4000);
      expect(levels('error')).to.have.length(1);
      expect(levels('error')[0]).to.include(AWAY);
      expect(source.fault?.code).to.equal(status === 503 ? 'CCX_INPUT_UNREACHABLE' : 'CCX_INPUT_DENIED');
      // What was not received costs nothing: most of them.
      expect((await aws().count(url)).visible).to.be.at.least(keys.length - 8);
      isAway = false;
      await eventually(() => Promise.resolve(into.texts.size), keys.length);
      await eventually(() => left(url), 0);
      stop.abort();
      await reading;
      expect(await aws().count(dead)).to.deep.equal({ visible: 0, hidden: 0 });
      expect(levels('info')).to.deep.equal(['objects can be read again']);
      // Each was received once only: none came again while it was held.
      expect(new Set(into.streams.map(({ id }) => id.split(':')[1])).size).to.equal(keys.length);
      expect(new Set(into.streams.map(({ id }) => id.split(':').slice(1, 3).join())).size).to.equal(keys.length);
      expect(source.fault).to.equal(undefined);
    });

  it('holds a single message of a store that is away, and reads the next one as soon as it comes', async () => {
    const { url, bucket } = await announced(1);
    const endpoint = await store(({ operation }) =>
      operation.includes('/k0') ? { status: 403, body: '' } : undefined,
    );
    const source = open(url, { endpoint, parallel: 2 });
    const stop = new AbortController();
    const reading = readAll(source, { signal: stop.signal });
    await eventually(() => Promise.resolve(levels('error').length), 1);
    await sleep(2500);
    expect(await aws().count(url)).to.deep.equal({ visible: 0, hidden: 1 });
    await aws().put(bucket, 'good', 'G');
    await announce(url, bucket, 'good');
    // Now it is known that the object is at fault, and not the store.
    await eventually(
      () => Promise.resolve(levels('warn').at(-1)),
      'objects of a message could not be read; it comes again',
    );
    stop.abort();
    expect((await reading).texts.get('good')).to.equal('G');
  });

  it('stops asking the queue, with once, when no object can be read', async () => {
    const { url } = await announced(12);
    const endpoint = await store(({ operation }) =>
      operation.startsWith('GET ') ? { status: 403, body: '' } : undefined,
    );
    const source = open(url, { endpoint, parallel: 2, once: true, visibility_timeout_s: 600 });
    const error: unknown = await readAll(source).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'CCX_INPUT_UNREADABLE');
    expect((await aws().count(url)).visible).to.be.at.least(4);
  });

  it('keeps what it holds, and receives nothing more, while events cannot be stored', async () => {
    const { url, dead, keys } = await announced(30);
    const source = open(url, { parallel: 2 });
    const streams = source.streams(new AbortController().signal)[Symbol.asyncIterator]();
    // As readers that wait for the cluster: they ask for no further stream.
    const held = [await streams.next(), await streams.next()].map((step) => step.value as InputStream);
    for (const stream of held) await textOf(stream);
    const hidden = (await aws().count(url)).hidden;
    expect(hidden).to.be.at.most(4);
    for (let look = 0; look < 4; look += 1) {
      await sleep(1000);
      expect(await aws().count(url)).to.deep.equal({ visible: keys.length - hidden, hidden });
    }
    for (const stream of held) await source.ack(stream.id, end, true);
    await source.close();
    expect(await aws().count(url)).to.deep.equal({ visible: keys.length - 2, hidden: 0 });
    expect(await aws().count(dead)).to.deep.equal({ visible: 0, hidden: 0 });
  });

  describe('when the run has failed', () => {
    const hidden = (asked: readonly Asked[]): number[] =>
      asked
        .filter(({ operation }) => operation === 'ChangeMessageVisibilityBatch')
        .flatMap(({ body }) => (JSON.parse(body) as { Entries: { VisibilityTimeout: number }[] }).Entries)
        .map(({ VisibilityTimeout }) => VisibilityTimeout);
    const through = async (url: string): Promise<{ queue_url: string; asked: readonly Asked[] }> => {
      const proxy = await awsProxy(aws().settings.endpoint, () => undefined);
      made.push(() => proxy.close());
      return { queue_url: `${proxy.url}${new URL(url).pathname}`, asked: proxy.asked };
    };

    it('shows what is not finished to others later each time', async () => {
      const { url } = await announced(1);
      const { queue_url, asked } = await through(url);
      // As the run before.
      await aws().sqs.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
      const source = open(queue_url, { visibility_timeout_s: 100 });
      await source.streams(new AbortController().signal)[Symbol.asyncIterator]().next();
      await source.close('failed');
      expect(hidden(asked)).to.deep.equal([200]);
    });

    it('is told so by a connector whose reject store is full', async () => {
      const { url, bucket } = await announced(0);
      await aws().put(bucket, 'k', 'no event '.repeat(20_000));
      await announce(url, bucket, 'k');
      const { queue_url, asked } = await through(url);
      const cluster = await startBulkServer({
        ask: () => ({ status: 200, body: { version: { number: '9.5.3', build_flavor: 'default' }, data_streams: [] } }),
      });
      made.push(() => cluster.close());
      const input = { type: 'sqs', queue_url, visibility_timeout_s: 100, wait_time_s: 1, ...aws().settings };
      const dataDir = await tempDir();
      const file = join(dataDir, 'c.yml');
      const output = { hosts: [cluster.url] };
      const limits = { reject_store_bytes: 65_536 };
      await writeFile(file, JSON.stringify({ inputs: [input], output, limits, data_dir: dataDir }), { mode: 0o600 });
      const config = loadConfig({ env: {}, file, needs: { inputs: true } });
      const connector = createConnector(config, { log: recordingLogger(lines) });
      const error: unknown = await connector.run(new AbortController().signal).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', 'CCX_REJECT_FULL');
      expect(hidden(asked)).to.deep.equal([100]);
    });
  });

  const gone = JSON.stringify({ Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }] });
  for (const [what, answer] of [
    ['is no longer its own', { status: 200, body: gone }],
    ['could not be kept hidden for as long as it is hidden', { status: 403 }],
  ] as const)
    it(`says that events may be stored from the moment on when a message ${what}, also when all were read`, async () => {
      const { url } = await announced(1);
      const proxy = await awsProxy(aws().settings.endpoint, ({ operation }) =>
        operation === 'ChangeMessageVisibilityBatch' ? answer : undefined,
      );
      made.push(() => proxy.close());
      const source = open(`${proxy.url}${new URL(url).pathname}`, { parallel: 1, visibility_timeout_s: 4 });
      const step = await source.streams(new AbortController().signal)[Symbol.asyncIterator]().next();
      const stream = step.value as InputStream;
      await textOf(stream);
      expect(stream.mayBeStored).to.equal(false);
      await eventually(() => Promise.resolve(stream.mayBeStored), true);
    });
});
