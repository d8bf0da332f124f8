import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/clock.js';
import type { ConnectorError } from '../../../src/errors.js';
import type { RetryPolicy } from '../../../src/retry.js';
import { s3Client } from '../../../src/source/aws/client.js';
import {
  openObject,
  placeOf,
  type ObjectRef,
  type OpenObject,
  type OpenOutcome,
} from '../../../src/source/aws/object.js';
import { S3Server, type S3Fault, type S3Request } from '../../support/s3-server.js';

const quick: RetryPolicy = { initialMs: 1, factor: 1, maxMs: 1, holdMs: 0, maxRetryAfterMs: 0, maxTries: 3 };

describe('an object of S3', () => {
  let server: S3Server;
  let client: ReturnType<typeof s3Client>;
  let stop: AbortController;

  beforeEach(async () => {
    server = await S3Server.start();
    client = s3Client(server.config());
    stop = new AbortController();
  });
  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  const open = (key: string, more: Partial<ObjectRef> = {}, idleTimeoutMs = 5000): Promise<OpenOutcome> =>
    openObject(
      client,
      { bucket: 'logs', key, ...more },
      { signal: stop.signal, clock: systemClock, resume: quick, idleTimeoutMs },
    );

  async function opened(key: string, idleTimeoutMs?: number): Promise<OpenObject> {
    const outcome = await open(key, {}, idleTimeoutMs);
    if (outcome.kind !== 'open') throw outcome.failure.error;
    return outcome.object;
  }

  async function readAll({ bytes }: OpenObject): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  const failure = (promise: Promise<unknown>): Promise<ConnectorError> =>
    promise.then(
      () => expect.fail('nothing was thrown'),
      (error: unknown) => error as ConnectorError,
    );

  /** The n-th GET meets the n-th fault; later ones meet none. */
  function script(...faults: (S3Fault | undefined)[]): void {
    server.fault = ({ kind }: S3Request) => (kind === 'get' ? faults.shift() : undefined);
  }

  it('comes with all its bytes, its ETag and size', async () => {
    const body = randomBytes(3_000_000);
    server.put('a', body);
    const object = await opened('a');
    expect(object).to.include({ etag: server.objects.get('a')?.etag, size: 3_000_000 });
    expect((await readAll(object)).equals(body)).to.equal(true);
  });

  it('may be empty', async () => {
    server.put('a', '');
    expect(await readAll(await opened('a'))).to.have.length(0);
  });

  it('goes on behind the last byte when the connection is cut, as often as it gets on', async () => {
    const body = randomBytes(500_000);
    server.put('a', body);
    script(...Array.from({ length: 9 }, (): S3Fault => ({ kind: 'cut', after: 50_000 })));
    expect((await readAll(await opened('a'))).equals(body)).to.equal(true);
    const ranges = server.requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(ranges).to.have.length.greaterThan(5);
    expect(ranges).to.deep.equal([...ranges].sort((a, b) => a - b));
    expect(server.requests.slice(1).every(({ ifMatch }) => ifMatch === server.objects.get('a')?.etag)).to.equal(true);
  });

  it('is tried again when the service asks for fewer requests in between', async () => {
    server.put('a', randomBytes(100_000));
    const slowDown: S3Fault = { kind: 'error', status: 503, code: 'SlowDown' };
    script({ kind: 'cut', after: 10 }, slowDown, slowDown);
    expect(await readAll(await opened('a'))).to.have.length(100_000);
  });

  it('is given up when tries bring no further byte', async () => {
    server.put('a', randomBytes(100_000));
    server.fault = ({ range }) => ({ kind: 'cut', after: range === undefined ? 1000 : 0 });
    const error = await failure(readAll(await opened('a')));
    expect(error).to.include({ code: 'CCX_INPUT_UNREADABLE', place: 's3://logs/a' });
    expect(error.message).to.match(/^reading stopped after \d+ of 100000 bytes: .*connection broke/);
    expect(server.requests).to.have.length(1 + quick.maxTries);
  });

  it('is not glued together from two versions', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'cut', after: 1000 });
    const object = await opened('a');
    server.put('a', randomBytes(100_000));
    const error = await failure(readAll(object));
    expect(error.code).to.equal('CCX_INPUT_UNREADABLE');
    expect(error.message).to.contain('written anew');
  });

  it('says that it disappeared while it was read', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'cut', after: 1000 });
    const object = await opened('a');
    server.objects.delete('a');
    expect((await failure(readAll(object))).message).to.contain('does not exist');
  });

  it('is not read on when the store does not heed ranges', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'cut', after: 1000 }, { kind: 'whole' });
    expect((await failure(readAll(await opened('a')))).message).to.contain('does not give ranges');
  });

  it('is denied when the credentials expire while it is read', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'cut', after: 1000 }, { kind: 'error', status: 400, code: 'ExpiredToken' });
    const error = await failure(readAll(await opened('a')));
    expect(error.code).to.equal('CCX_INPUT_DENIED');
    expect(error.message).to.contain('credentials have expired');
  });

  it('goes on by another connection when one falls silent', async () => {
    const body = randomBytes(100_000);
    server.put('a', body);
    script({ kind: 'silence', after: 1000 });
    expect((await readAll(await opened('a', 50))).equals(body)).to.equal(true);
    expect(server.requests).to.have.length(2);
  });

  it('fails when there is no answer at all', async () => {
    server.put('a', 'x');
    server.fault = () => ({ kind: 'silence', after: 'head' });
    const outcome = await open('a', {}, 50);
    expect(outcome).to.have.nested.property('failure.error.code', 'CCX_INPUT_UNREACHABLE');
  });

  it('does not take a slow consumer for a silent connection', async () => {
    server.put('a', randomBytes(300_000));
    let length = 0;
    for await (const chunk of (await opened('a', 40)).bytes) {
      length += chunk.length;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(length).to.equal(300_000);
    expect(server.requests).to.have.length(1);
  });

  it('does not take a slow connection for a silent one', async () => {
    server.put('a', randomBytes(1000));
    script({ kind: 'slow', bytes: 100, ms: 20 });
    expect(await readAll(await opened('a', 2000))).to.have.length(1000);
    expect(server.requests).to.have.length(1);
  });

  it('lets its connection go when its reader has had enough', async () => {
    server.put('a', randomBytes(10_000_000));
    for await (const chunk of (await opened('a')).bytes) {
      expect(chunk).to.have.length.greaterThan(0);
      break;
    }
    while (server.bodies > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('does not run ahead of its reader', async () => {
    server.put('a', randomBytes(50_000_000));
    const before = process.memoryUsage().arrayBuffers;
    const iterator = (await opened('a')).bytes[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(10_000_000);
    await iterator.return?.();
  });

  it('throws the reason of a stop, and does not end as if it were whole', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'silence', after: 1000 });
    const object = await opened('a');
    setTimeout(() => stop.abort(new Error('stop it')), 20);
    expect((await failure(readAll(object))).message).to.equal('stop it');
  });

  it('throws the reason of a stop while it is opened', async () => {
    server.fault = () => ({ kind: 'silence', after: 'head' });
    setTimeout(() => stop.abort(new Error('stop it')), 20);
    expect((await failure(open('a'))).message).to.equal('stop it');
  });

  it('throws the reason of a stop during the wait for the next try', async () => {
    server.put('a', randomBytes(100_000));
    script({ kind: 'cut', after: 1000 }, ...Array.from({ length: 3 }, (): S3Fault => ({ kind: 'cut', after: 'head' })));
    const slow = { ...quick, initialMs: 1e9, maxMs: 1e9 };
    const options = { signal: stop.signal, clock: systemClock, resume: slow };
    const outcome = await openObject(client, { bucket: 'logs', key: 'a' }, options);
    if (outcome.kind !== 'open') throw outcome.failure.error;
    setTimeout(() => stop.abort(new Error('stop it')), 50);
    expect((await failure(readAll(outcome.object))).message).to.equal('stop it');
  });

  it('is missing when the store says so, not when a proxy or a missing bucket does', async () => {
    expect(await open('gone')).to.include({ kind: 'missing' });
    script({ kind: 'error', status: 404, code: 'NoSuchBucket' });
    expect(await open('a')).to.include({ kind: 'failed' });
    script({ kind: 'html', status: 404 });
    expect(await open('a')).to.include({ kind: 'failed' });
  });

  it('is changed when its ETag is another one, also where the store does not know If-Match', async () => {
    server.put('a', 'new');
    expect(await open('a', { etag: '"old"' })).to.include({ kind: 'changed' });
    server.knowsIfMatch = false;
    expect(await open('a', { etag: '"old"' })).to.include({ kind: 'changed' });
  });

  it('has a place that neither a log nor a terminal takes for something else', () => {
    expect(placeOf({ bucket: 'logs', key: 'a\nb\u001b[31m ü/../c' })).to.equal('s3://logs/a%0Ab%1B[31m ü/../c');
  });
});
