import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sleep, type Clock } from '../../clock.js';
import type { S3InputConfig } from '../../config.js';
import type { Logger } from '../../log.js';
import { restMs } from '../../checkpoint/pace.js';
import { explainAws } from '../aws/failure.js';
import { withinTime } from '../aws/idle.js';
import { bareEtag, placeOf } from '../aws/object.js';

export interface AfterOptions {
  readonly client: S3Client;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Resolves when it is on disk that the objects given so far are done. */
  readonly flush: () => Promise<void>;
}

/** An object that is done, in the version that was read. */
export interface DoneObject {
  readonly key: string;
  readonly etag: string;
}

/** What happens to done objects, beside the reading: it is never waited for but by `close`, and its failures stop nothing. */
export interface After {
  push(object: DoneObject): void;
  /** Resolves when all is done, or after a while: what is left then stays in the bucket as it is. */
  close(): Promise<void>;
}

const SIDE_BY_SIDE = 4;
const GATHER_MS = 1000;
const MAX_WAITING = 10_000;
const CLOSE_WITHIN_MS = 20_000;
const REQUEST_WITHIN_MS = 60_000;

type Config = Pick<S3InputConfig, 'bucket' | 'on_done' | 'done_tag'>;

/**
 * Deletes or tags the objects given to it, as `on_done` says, but not before it is on disk that they are done: what a crash
 * would have read again must still be there. An object that was written anew meanwhile is left alone.
 */
export function afterDone(config: Config, options: AfterOptions): After {
  if (config.on_done === 'keep') return { push: () => undefined, close: () => Promise.resolve() };
  return new Workers(config, options);
}

class Workers implements After {
  readonly #config: Config;
  readonly #options: AfterOptions;
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();
  /** Not known to be on disk, and those that are. */
  readonly #given: DoneObject[] = [];
  #waiting: DoneObject[] = [];
  #running: Promise<void> | undefined;
  /** Names of failures that were logged; the same one for every object would flood the log. */
  readonly #told = new Set<string>();

  constructor(config: Config, options: AfterOptions) {
    this.#config = config;
    this.#options = options;
  }

  push(object: DoneObject): void {
    if (this.#given.length >= MAX_WAITING) return this.#tellOverfull();
    this.#given.push(object);
    this.#start();
  }

  async close(): Promise<void> {
    const { clock, logger } = this.#options;
    this.#hurry.abort();
    const over = new AbortController();
    const late = sleep(clock, CLOSE_WITHIN_MS, over.signal).then((isLate) => isLate && this.#stop.abort());
    await this.#running;
    over.abort();
    await late;
    const left = this.#given.length + this.#waiting.length;
    if (left > 0) logger.warn({ objects: left }, `on_done: ${this.#config.on_done} was not finished for some objects`);
  }

  #start(): void {
    this.#running ??= this.#rounds().finally(() => {
      this.#running = undefined;
      if (this.#given.length > 0 && !this.#hurry.signal.aborted) this.#start();
    });
  }

  /** One write of the disk for all that was given meanwhile. */
  async #rounds(): Promise<void> {
    const { clock, flush } = this.#options;
    let tookMs = 0;
    while (this.#given.length > 0 && !this.#stop.signal.aborted) {
      await sleep(clock, restMs(tookMs, GATHER_MS), this.#hurry.signal);
      const round = this.#given.splice(0);
      const startMs = clock.steady();
      try {
        await flush();
        tookMs = clock.steady() - startMs;
      } catch {
        // Said by who writes; tried again with the next round.
        this.#given.unshift(...round);
        if (this.#hurry.signal.aborted) return;
        continue;
      }
      this.#waiting = round;
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => this.#work()));
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#treat(next);
      if (signal.aborted) return;
    }
  }

  async #treat(object: DoneObject): Promise<void> {
    const { clock } = this.#options;
    try {
      await withinTime(REQUEST_WITHIN_MS, { clock, signal: this.#stop.signal }, async (signal) => {
        const target = { Bucket: this.#config.bucket, Key: object.key };
        if (!(await this.#isSame(target, object, signal))) return;
        if (this.#config.on_done === 'tag') await this.#tag(target, signal);
        else
          await this.#options.client.send(new DeleteObjectCommand({ ...target, IfMatch: object.etag }), {
            abortSignal: signal,
          });
      });
    } catch (error) {
      this.#tell(error, object);
    }
  }

  /** Another version was not read yet: deleting it would lose its events, and a tag would be a lie. */
  async #isSame(target: { Bucket: string; Key: string }, { etag }: DoneObject, signal: AbortSignal): Promise<boolean> {
    const head = await this.#options.client.send(new HeadObjectCommand(target), { abortSignal: signal });
    return bareEtag(head.ETag) === bareEtag(etag);
  }

  async #tag(target: { Bucket: string; Key: string }, abortSignal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    const { done_tag } = this.#config;
    const [Key, Value] = [done_tag.slice(0, done_tag.indexOf('=')), done_tag.slice(done_tag.indexOf('=') + 1)];
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(target), { abortSignal });
    if (TagSet.some((tag) => tag.Key === Key && tag.Value === Value)) return;
    const Tagging = { TagSet: [...TagSet.filter((tag) => tag.Key !== Key), { Key, Value }] };
    await client.send(new PutObjectTaggingCommand({ ...target, Tagging }), { abortSignal });
  }

  #tell(error: unknown, { key }: DoneObject): void {
    const { bucket, on_done } = this.#config;
    const { kind, name, error: failure } = explainAws(error, placeOf({ bucket, key }));
    // Gone is what `delete` wants, and there is nothing left to tag.
    if (kind === 'missing' || this.#told.has(name)) return;
    this.#told.add(name);
    const { code, place, message } = failure;
    const rights = on_done === 'tag' ? 's3:GetObjectTagging and s3:PutObjectTagging' : 's3:DeleteObject';
    const fix = kind === 'denied' ? `Allow s3:GetObject, ${rights} on arn:aws:s3:::${bucket}/*.` : failure.remedy;
    this.#options.logger.error(
      { code, place, fix },
      `on_done: ${on_done} failed, also for objects not named: ${message}`,
    );
  }

  #tellOverfull(): void {
    if (this.#told.has('overfull')) return;
    this.#told.add('overfull');
    const what = `on_done: ${this.#config.on_done} is slower than reading; some objects are left as they are`;
    this.#options.logger.warn({ place: `s3://${this.#config.bucket}` }, what);
  }
}
