import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { sleep, type Clock } from '../../clock.js';
import { ConnectorError } from '../../errors.js';
import { doubling, waitMs, type RetryPolicy } from '../../retry.js';
import { explainAws, type AwsFailure } from './failure.js';
import { untilIdle, withinTime } from './idle.js';

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  /** Only this version of the object will do; another one is `changed`. */
  readonly etag?: string;
}

export interface OpenObject {
  /** As AWS writes it, with its quotation marks; empty when the store gives none. */
  readonly etag: string;
  /** Bytes as stored; 0 when the store does not say. */
  readonly size: number;
  /**
   * The object's bytes, once, as they come from the network. The connection is held from the opening on: iterate it soon.
   * Ends only when all bytes were given. A connection that breaks is followed by another one that goes on behind the last byte.
   *
   * Throws CCX_INPUT_UNREADABLE (or CCX_INPUT_DENIED when the credentials no longer do) with the object as place when the rest
   * cannot be had, or is of another version; throws the signal's reason when `signal` fires, and never ends silently then.
   */
  readonly bytes: AsyncIterable<Buffer>;
}

/** `missing`: this object is known not to exist (a bucket that is gone is `failed`). `changed`: its ETag is another one. */
export type OpenOutcome =
  | { readonly kind: 'open'; readonly object: OpenObject }
  | { readonly kind: 'missing' | 'changed' | 'failed'; readonly failure: AwsFailure };

export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Silence of the network for so long counts as a broken connection; time in which nobody asks for bytes does not count. */
  readonly idleTimeoutMs?: number;
  /** Waits between resumes; `maxTries` counts those without a new byte in between. */
  readonly resume?: RetryPolicy;
}

/** S3's own advice: retries within seconds, then give up and let a later pass try. */
const RESUME = doubling(500, 20_000, 6);
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Opens an object of S3 for reading. Failures that are to be expected are values; only an abort throws (the signal's reason).
 */
export async function openObject(client: S3Client, ref: ObjectRef, options: OpenOptions): Promise<OpenOutcome> {
  // Objects are read side by side, each with a listener of its own: no leak, as Node would warn of on stderr.
  setMaxListeners(0, options.signal);
  try {
    const part = await get(client, ref, 0, options);
    return { kind: 'open', object: { etag: part.etag, size: part.size, bytes: readAll(client, ref, part, options) } };
  } catch (error) {
    options.signal.throwIfAborted();
    const failure = explainAws(error, placeOf(ref));
    // A 404 of a proxy or of a missing bucket must not pass for an object that was deleted.
    const kind = failure.name === 'NoSuchKey' ? 'missing' : failure.kind === 'changed' ? 'changed' : 'failed';
    return { kind, failure };
  }
}

/** `s3://bucket/key`, with what would spoil a log or a terminal escaped. */
export function placeOf({ bucket, key }: { bucket: string; key: string }): string {
  return `s3://${bucket}/${key.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, encodeURIComponent)}`;
}

/** One answer with an object's bytes, or the rest of them. */
interface Part {
  readonly etag: string;
  readonly size: number;
  readonly body: Readable;
}

async function get(client: S3Client, ref: ObjectRef, from: number, options: OpenOptions): Promise<Part> {
  const command = new GetObjectCommand({
    Bucket: ref.bucket,
    Key: ref.key,
    ...(ref.etag === undefined ? {} : { IfMatch: ref.etag }),
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
  });
  const answer = await withinTime(idleMs(options), options, (abortSignal) => client.send(command, { abortSignal }));
  const body = answer.Body;
  if (!(body instanceof Readable)) throw new Error('the answer has no body');
  try {
    checkPart(answer, ref, from);
  } catch (error) {
    body.destroy();
    throw error;
  }
  return { etag: answer.ETag ?? '', size: answer.ContentLength ?? 0, body };
}

/** Stores that are only compatible with S3 may not know If-Match or Range, and answer with something else. */
function checkPart(answer: GetObjectCommandOutput, { etag }: ObjectRef, from: number): void {
  if (etag !== undefined && bareEtag(answer.ETag) !== bareEtag(etag))
    throw Object.assign(new Error(`the ETag is ${answer.ETag ?? 'missing'}, not ${etag}`), {
      code: 'PreconditionFailed',
    });
  if (from > 0 && !(answer.ContentRange ?? '').startsWith(`bytes ${from}-`))
    throw new Error(`the store does not give ranges: ${answer.ContentRange ?? 'no Content-Range'} for bytes=${from}-`);
}

/** Without quotation marks, which stores write here and leave out there, and without the mark of a proxy that compresses. */
export function bareEtag(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, '').replaceAll('"', '');
}

async function* readAll(client: S3Client, ref: ObjectRef, first: Part, options: OpenOptions): AsyncGenerator<Buffer> {
  const reading: Reading = { client, ref, first, options, received: 0, tries: 0 };
  for (let part = first; ;) {
    let cut: unknown;
    try {
      for await (const chunk of untilIdle(part.body, idleMs(options), options)) {
        reading.received += chunk.length;
        reading.tries = 0;
        yield chunk;
      }
    } catch (error) {
      options.signal.throwIfAborted();
      cut = error;
    }
    if (isWhole(reading, cut)) return;
    part = await resume(reading, cut ?? cutShort(reading));
  }
}

interface Reading {
  readonly client: S3Client;
  readonly ref: ObjectRef;
  readonly first: Part;
  readonly options: OpenOptions;
  received: number;
  /** Resumes since the last byte. */
  tries: number;
}

/** A connection that breaks behind the last byte has done its work. A size of 0 is an empty object, or an unknown size. */
function isWhole({ received, first }: Reading, cut: unknown): boolean {
  if (cut instanceof Error && cut.message.startsWith('Checksum mismatch')) return false;
  return first.size === 0 ? cut === undefined : received === first.size;
}

function cutShort({ received, first }: Reading): Error {
  return Object.assign(new Error(`${received} of ${first.size} bytes came`), { code: 'ECONNRESET' });
}

/** The next part, behind what was received; waits between tries. */
async function resume(reading: Reading, cut: unknown): Promise<Part> {
  const { client, ref, first, options } = reading;
  const policy = options.resume ?? RESUME;
  let failure = explainAws(cut, placeOf(ref));
  while (failure.kind === 'transient' && reading.tries < policy.maxTries && first.etag !== '') {
    reading.tries += 1;
    const wait = waitMs(policy, { tries: reading.tries, random: Math.random });
    if (!(await sleep(options.clock, wait, options.signal))) throw options.signal.reason;
    try {
      return await get(client, { ...ref, etag: first.etag }, reading.received, options);
    } catch (error) {
      options.signal.throwIfAborted();
      failure = explainAws(error, placeOf(ref));
    }
  }
  throw broken(reading, failure);
}

function broken({ received, first }: Reading, { kind, error }: AwsFailure): ConnectorError {
  const { place, remedy, message } = error;
  return new ConnectorError(
    kind === 'denied' ? 'CCX_INPUT_DENIED' : 'CCX_INPUT_UNREADABLE',
    `reading stopped after ${received} of ${first.size} bytes: ${message}`,
    { ...(place === undefined ? {} : { place }), remedy, cause: error.cause },
  );
}

function idleMs({ idleTimeoutMs }: OpenOptions): number {
  return idleTimeoutMs ?? IDLE_TIMEOUT_MS;
}
