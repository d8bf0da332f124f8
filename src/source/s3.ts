import type { S3Client } from '@aws-sdk/client-s3';
import type { Checkpoint } from '../checkpoint.js';
import { sleep, type Clock } from '../clock.js';
import type { S3InputConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import type { InputStream, Position, Source } from '../record.js';
import type { RetryPolicy } from '../retry.js';
import { s3Client } from './aws/client.js';
import { openObject, placeOf } from './aws/object.js';
import { afterDone, type After } from './s3/after.js';
import { ListingHealth } from './s3/health.js';
import { digestOf, listPage, type Listed } from './s3/listing.js';
import { S3State, type OpenEntry } from './s3/state.js';
import { Troubles } from './s3/troubles.js';
import { UnderWay } from './s3/under-way.js';

export interface S3SourceOptions {
  /** End when all objects that are there now were read; otherwise go on looking for new ones. */
  readonly once: boolean;
  readonly checkpoint: Checkpoint;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Waits between tries of an object that could not be read. */
  readonly retry?: RetryPolicy;
}

const HOUR_MS = 3_600_000;
/** Longest rest without a look for objects to try again. */
const LOOK_MS = 10_000;
/** Most passes of a run with `once`: one that goes on, one from the start, one for what changed meanwhile. */
const MOST_PASSES = 3;

/**
 * Events from the objects of a bucket, found by listing it again and again; `S3State` has the rule of what is done. Streams
 * are handed out as fast as they are asked for, `parallel` of them to be read side by side; an object is opened when its
 * bytes are asked for.
 *
 * What fails is tried again with growing waits, without end, in a continuous run; each kind of failure is logged when it comes
 * up, and is `fault`. With `once`, objects that failed are tried once more at the end; then the failure of the listing, or
 * CCX_INPUT_UNREADABLE for the objects, is thrown. The bytes of a stream throw when they cannot be had to their end: such a
 * stream is marked `retried`, as its reader has nothing to do about it.
 */
export function s3Source(config: S3InputConfig, options: S3SourceOptions): Source {
  return new S3Source(config, options);
}

class S3Source implements Source {
  readonly parallel: number;
  readonly #config: S3InputConfig;
  readonly #options: S3SourceOptions;
  readonly #client: S3Client;
  readonly #id: string;
  readonly #state: S3State;
  readonly #troubles: Troubles;
  readonly #after: After;
  readonly #fromMs: number;
  /** Digests of objects handed out, until they fail or are acknowledged to the end. */
  readonly #active = new Set<string>();
  /** Streams handed out whose bytes have not ended. */
  readonly #reading = new UnderWay();
  readonly #listing: ListingHealth;
  /** Passes of this run, one under way included. */
  #passes = 0;
  #changed = false;
  #archivedTold = false;

  constructor(config: S3InputConfig, options: S3SourceOptions) {
    const { checkpoint, logger, clock, retry } = options;
    const { endpoint = '', bucket, prefix, suffix, start_time } = config;
    this.parallel = config.parallel;
    this.#config = config;
    this.#options = options;
    this.#client = s3Client(config);
    this.#id = `s3:${JSON.stringify([endpoint, bucket, prefix, suffix])}`;
    this.#state = new S3State({ checkpoint, id: this.#id });
    this.#troubles = new Troubles(logger, retry);
    this.#listing = new ListingHealth({ logger, place: `s3://${bucket}`, told: !options.once });
    this.#after = afterDone(config, { client: this.#client, logger, clock, flush: () => checkpoint.flush() });
    this.#fromMs = start_time === undefined ? 0 : Date.parse(start_time);
  }

  get fault(): ConnectorError | undefined {
    return this.#listing.error ?? this.#troubles.error;
  }

  async *streams(signal: AbortSignal): AsyncGenerator<InputStream> {
    try {
      yield* this.#options.once ? this.#readOnce(signal) : this.#follow(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  ack(streamId: string, position: Position, done: boolean): Promise<void> {
    const digest = streamId.slice(this.#id.length + 1);
    if (done) this.#finish(digest);
    else this.#state.progress(digest, position);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#after.close();
    this.#client.destroy();
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<InputStream> {
    const { clock } = this.#options;
    for (let passAtMs = 0; !signal.aborted;) {
      if (clock.steady() >= passAtMs) {
        yield* this.#pass(signal);
        passAtMs = clock.steady() + this.#listing.restMs(this.#config.poll_interval_s * 1000);
      }
      await sleep(clock, Math.min(LOOK_MS, Math.max(0, passAtMs - clock.steady())), signal);
      yield* this.#openOnes(signal, (digest) => this.#troubles.isDue(digest, clock.steady()));
    }
  }

  async *#readOnce(signal: AbortSignal): AsyncGenerator<InputStream> {
    for (let passes = 0, more = true; more && passes < MOST_PASSES; passes += 1) {
      // Behind the cursor of a pass that goes on there may be new objects.
      const isHalf = this.#state.cursor !== undefined;
      this.#changed = false;
      yield* this.#pass(signal);
      await this.#reading.none(signal);
      more = this.#listing.error === undefined && (isHalf || this.#changed);
    }
    yield* this.#openOnes(signal, () => true);
    await this.#reading.none(signal);
    signal.throwIfAborted();
    if (this.#listing.error !== undefined) throw this.#listing.error;
    if (this.#troubles.size > 0) throw this.#troubles.unread();
    if (this.#changed)
      throw new ConnectorError('CCX_INPUT_UNREADABLE', 'an object is written anew each time before it is read', {
        place: `s3://${this.#config.bucket}/${this.#config.prefix}`,
      });
  }

  /** Goes through the listing, from the cursor of the pass under way or from the start. */
  async *#pass(signal: AbortSignal): AsyncGenerator<InputStream> {
    const { clock } = this.#options;
    const isWhole = this.#state.cursor === undefined;
    const startMs = clock.steady();
    this.#passes += 1;
    for (let more = true; more;) {
      yield* this.#openOnes(signal, (digest) => this.#troubles.isDue(digest, clock.steady()));
      if (this.#troubles.isOverfull()) return;
      const page = await listPage(
        this.#client,
        { ...this.#config, after: this.#state.cursor ?? '' },
        { signal, clock },
      );
      if (page.kind === 'failed') return this.#listing.failed(page.failure);
      this.#listing.works();
      this.#beginPass(startMs);
      for (const object of page.objects) {
        if (signal.aborted) return;
        const stream = this.#take(object, signal);
        if (stream !== undefined) yield stream;
      }
      more = page.more;
    }
    this.#state.endPass();
    if (isWhole) for (const digest of this.#troubles.unseenIn(this.#passes)) this.#gone(digest);
  }

  /**
   * In the store's time, which its first answer tells: with a clock that is days ahead the horizon would be in the future, and
   * new objects would count as done. The SDK measures the difference, as it needs it for its signatures; it is taken together
   * with the time that it belongs to, as the clock may have been set since the pass began.
   * @param startMs `Clock.steady` at the start of the pass.
   */
  #beginPass(startMs: number): void {
    const { bucket, listing_horizon_h } = this.#config;
    const { clock, logger } = this.#options;
    const storeMs = clock.now() + this.#client.config.systemClockOffset - (clock.steady() - startMs);
    if (this.#state.beginPass(storeMs, listing_horizon_h * HOUR_MS, this.#fromMs)) return;
    const what =
      "the store's clock was set back; its younger objects are read again, and their events known by their ids";
    logger.warn({ place: `s3://${bucket}` }, what);
  }

  /** The stream of a listed object that was not handed out before; the cursor goes by it in the same step. */
  #take(object: Listed, signal: AbortSignal): InputStream | undefined {
    const digest = digestOf(object);
    this.#troubles.seen(digest, this.#passes);
    const isWanted = this.#isWanted(object) && this.#state.isNew(digest, object);
    const entry = isWanted ? this.#state.open(digest, object) : undefined;
    this.#state.moveTo(object.key);
    return entry && this.#stream(digest, entry, signal);
  }

  /** Objects without bytes are what consoles make for folders. */
  #isWanted({ key, size, ms, archived }: Listed): boolean {
    if (size === 0 || ms < this.#fromMs || !key.endsWith(this.#config.suffix)) return false;
    if (archived) this.#tellArchived(key);
    return !archived;
  }

  /** Streams of objects that were handed out before, by this run or one before, and have to be read again. */
  *#openOnes(signal: AbortSignal, isDue: (digest: string) => boolean): Generator<InputStream> {
    for (const [digest, entry] of this.#state.openEntries()) {
      if (signal.aborted) return;
      if (this.#active.has(digest) || this.#state.get(digest) === undefined || !isDue(digest)) continue;
      yield this.#stream(digest, entry, signal);
    }
  }

  #stream(digest: string, entry: OpenEntry, signal: AbortSignal): InputStream {
    this.#active.add(digest);
    this.#reading.begin();
    const resume = { offset: entry.offset, arrayDepth: entry.depth };
    return {
      id: `${this.#id}#${digest}`,
      origin: { input: 's3', bucket: this.#config.bucket, key: entry.key },
      resume,
      bytes: this.#read(digest, entry, resume, signal),
      seeked: false,
      final: true,
      mayBeStored: this.#troubles.has(digest) || this.#state.isUnsure(digest, entry),
      retried: true,
    };
  }

  async *#read(digest: string, entry: OpenEntry, resume: Position, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { bucket } = this.#config;
    const { key, etag } = entry;
    let failed = false;
    try {
      const outcome = await openObject(this.#client, { bucket, key, etag }, { signal, clock: this.#options.clock });
      if (outcome.kind === 'open') {
        this.#troubles.works(this.#options.clock.steady());
        yield* outcome.object.bytes;
      } else {
        if (outcome.kind !== 'failed') this.#gone(digest, outcome.kind);
        // Never begun and gone: an end without events says it all.
        if (outcome.kind === 'missing' && resume.offset === 0) return;
        throw outcome.failure.error;
      }
    } catch (error) {
      failed = true;
      if (signal.aborted) throw stopped(placeOf({ bucket, key }), signal);
      this.#failed(digest, error);
      throw error;
    } finally {
      // Also when its reader needs no more of it. The acknowledgement may come long after.
      if (!failed) this.#troubles.remove(digest);
      this.#reading.end();
    }
  }

  #failed(digest: string, error: unknown): void {
    this.#active.delete(digest);
    if (!(error instanceof ConnectorError) || this.#state.get(digest) === undefined) return;
    this.#troubles.add(digest, error, { nowMs: this.#options.clock.steady(), pass: this.#passes });
  }

  #finish(digest: string): void {
    const entry = this.#state.get(digest);
    this.#active.delete(digest);
    this.#troubles.remove(digest);
    if (entry === undefined) return;
    this.#state.finish(digest);
    this.#after.push({ key: entry.key, etag: entry.etag });
  }

  /** There is nothing more to read of the object in this version. */
  #gone(digest: string, how: 'missing' | 'changed' = 'missing'): void {
    const entry = this.#state.get(digest);
    if (entry === undefined) return;
    this.#state.drop(digest);
    this.#troubles.remove(digest);
    this.#changed ||= how === 'changed';
    const place = placeOf({ bucket: this.#config.bucket, key: entry.key });
    const what =
      how === 'changed'
        ? 'an object was written anew before it was read; it is read as it is now'
        : 'an object was deleted before it was read to its end';
    this.#options.logger.warn({ place, bytes_done: entry.offset }, what);
  }

  #tellArchived(key: string): void {
    if (this.#archivedTold) return;
    this.#archivedTold = true;
    const place = placeOf({ bucket: this.#config.bucket, key });
    this.#options.logger.warn({ place }, 'archived objects (Glacier) are left alone, this one and others');
  }
}

/** A failure of the stream alone: the run is to end well. An end of its bytes would pass for the object's. */
function stopped(place: string, { reason }: AbortSignal): ConnectorError {
  return new ConnectorError('CCX_INPUT_UNREADABLE', 'reading was stopped', { place, cause: reason });
}
