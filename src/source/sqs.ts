import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.js';
import type { SqsInputConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import type { InputStream, Position, RunEnd, Source } from '../record.js';
import { doubling, waitMs, type RetryPolicy } from '../retry.js';
import { s3Client, sqsClient } from './aws/client.js';
import { openObject, placeOf } from './aws/object.js';
import { Deliveries } from './sqs/deliveries.js';
import { Hold } from './sqs/hold.js';
import { KnownObjects } from './sqs/known-objects.js';
import type { Task } from './sqs/message.js';
import { MOST_PER_REQUEST, Queue } from './sqs/queue.js';
import { Receiver } from './sqs/receiver.js';
import { withRegionOfQueue } from './sqs/region.js';
import { Removal } from './sqs/removal.js';
import { StoreHealth } from './sqs/store-health.js';
import { Trouble } from './sqs/trouble.js';
import { Wake } from './wake.js';

export interface SqsSourceOptions {
  /** End when the queue is empty and nothing is to be tried again; otherwise go on until the signal fires. */
  readonly once: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How often, and with what waits, an object that cannot be read is tried while its message is held. */
  readonly objectRetry?: RetryPolicy;
  /** Waits between requests to a queue that fails. */
  readonly queueRetry?: RetryPolicy;
}

/** The first tries fill half a minute; what is tried on, as no object can be read, is tried every few minutes. */
const OBJECT_RETRY = doubling(1000, 300_000, 6);
/** Messages held at the same time, most of them waiting for their events to be stored. */
const MOST_HELD = 1000;
/** Objects that wait for another try, as a multiple of those read side by side; when the store is away, only so many as these. */
const MOST_RETRIED = 4;
/** Time for the last requests when the source is closed. */
const CLOSING_MS = 10_000;

/**
 * Events from the objects that an SQS queue announces. The queue is the whole state: nothing is kept on disk, and any number
 * of connectors share one. A message stays hidden while its objects are read and their events not yet stored; it is deleted
 * when all of them are. What is not finished is shown to others again: at once when the source is closed, after
 * `visibility_timeout_s` when the process is killed, and later each time when the run has failed.
 *
 * An object that cannot be opened, or breaks off in its middle, throws CCX_INPUT_… from `bytes`, and another stream of it comes
 * when it is tried again. When tries are used up its message is let go, to come again later and later; but when no other
 * object could be read meanwhile it is held and tried on (`StoreHealth`). `bytes` throws the signal's reason when it fires.
 *
 * With `once`, `streams` throws CCX_INPUT_UNREADABLE at its end when objects could not be read, and at once when the queue
 * can't be asked: CCX_INPUT_NOT_FOUND, CCX_INPUT_DENIED, CCX_INPUT_UNREACHABLE. Streams must be read as they come: the end
 * is not known before the last one was.
 */
export function sqsSource(config: SqsInputConfig, options: SqsSourceOptions): Source {
  return new SqsSource(withRegionOfQueue(config), options);
}

class SqsSource implements Source {
  readonly parallel: number;
  readonly #options: SqsSourceOptions;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #receiver: Receiver;
  readonly #hold: Hold;
  readonly #removal: Removal;
  readonly #deliveries: Deliveries;
  readonly #store: StoreHealth;
  /** Also what another message has announced, and is on its way. */
  readonly #known = new KnownObjects();
  readonly #ready: Task[] = [];
  readonly #retrying = new Map<Task, { readonly now: () => void; readonly cancel: () => void }>();
  /** Streams handed out: not read to their end, and not acknowledged. */
  readonly #reading = new Set<string>();
  readonly #streams = new Map<string, Task>();
  readonly #closing = new AbortController();
  readonly #wake = new Wake();
  #receiving: Promise<void> | undefined;
  #queueFailure: { readonly error: unknown } | undefined;
  #objectFault: ConnectorError | undefined;
  #empty = false;

  constructor(config: SqsInputConfig, options: SqsSourceOptions) {
    const { logger, clock, once, queueRetry } = options;
    const { queue_url: queueUrl, visibility_timeout_s: visibilityTimeoutS } = config;
    this.parallel = config.parallel;
    this.#options = options;
    this.#s3 = s3Client(config);
    this.#sqs = sqsClient(config);
    // Without waiting SQS asks only some of its servers, and may say that a queue is empty when it is not.
    const waitTimeS = once ? Math.max(1, config.wait_time_s) : config.wait_time_s;
    const queue = new Queue(this.#sqs, { url: queueUrl, visibilityTimeoutS, waitTimeS });
    const trouble = new Trouble(logger, queueUrl);
    const shared = { queue, logger, clock, trouble, signal: this.#closing.signal };
    this.#hold = new Hold({ ...shared, visibilityTimeoutS });
    this.#removal = new Removal({ ...shared, onDone: (message) => this.#changed(() => this.#hold.drop(message)) });
    this.#receiver = new Receiver({
      ...shared,
      once,
      count: Math.min(MOST_PER_REQUEST, config.parallel),
      ...(queueRetry === undefined ? {} : { retry: queueRetry }),
    });
    this.#store = new StoreHealth({ queueUrl, logger, clock, onLook: () => this.#changed(() => undefined) });
    this.#deliveries = new Deliveries({
      queueUrl,
      visibilityTimeoutS,
      poisonReceives: config.poison_receives,
      hold: this.#hold,
      removal: this.#removal,
      known: this.#known,
      logger,
      clock,
    });
  }

  /** What keeps the input from getting on: the queue, or else the object that failed last, until one is done. */
  get fault(): ConnectorError | undefined {
    return this.#receiver.fault ?? this.#objectFault;
  }

  async *streams(signal: AbortSignal): AsyncGenerator<InputStream> {
    for (let task = await this.#next(signal); task !== undefined; task = await this.#next(signal))
      yield this.#streamOf(task, signal);
    const { count, first } = this.#deliveries.failures;
    if (!this.#options.once || signal.aborted || first === undefined) return;
    const message = count === 1 ? first.reason : `${count} objects could not be read, the first: ${first.reason}`;
    throw new ConnectorError('CCX_INPUT_UNREADABLE', message, { place: first.place, remedy: first.remedy });
  }

  ack(streamId: string, _position: Position, done: boolean): Promise<void> {
    const task = done ? this.#streams.get(streamId) : undefined;
    if (task !== undefined)
      this.#changed(() => {
        this.#streams.delete(streamId);
        this.#reading.delete(streamId);
        this.#objectFault = undefined;
        this.#deliveries.done(task);
      });
    return Promise.resolve();
  }

  async close(end: RunEnd = 'ended'): Promise<void> {
    const cancel = this.#options.clock.after(CLOSING_MS, () => this.#closing.abort());
    for (const { cancel: cancelRetry } of this.#retrying.values()) cancelRetry();
    this.#store.close();
    await this.#receiving;
    await this.#removal.close();
    await this.#deliveries.settled();
    await this.#hold.close((message) => (end === 'failed' ? this.#deliveries.backOffS(message) : 0));
    cancel();
    this.#closing.abort();
    this.#s3.destroy();
    this.#sqs.destroy();
  }

  /** The next object to be read; undefined when there is none any more, or when `signal` fires. */
  async #next(signal: AbortSignal): Promise<Task | undefined> {
    while (!signal.aborted) {
      if (this.#queueFailure !== undefined) throw this.#queueFailure.error;
      const task = this.#takeReady();
      if (task !== undefined) return task;
      if (this.#options.once && (this.#empty || this.#store.isAway)) {
        if (this.#receiving === undefined && this.#reading.size === 0 && this.#retrying.size === 0) return undefined;
      } else {
        const room = this.#receiving === undefined ? this.#room() : 0;
        if (room > 0) this.#receiving = this.#receive(signal, room);
      }
      await this.#wake.next(signal);
    }
    return undefined;
  }

  #takeReady(): Task | undefined {
    for (let task = this.#ready.shift(); task !== undefined; task = this.#ready.shift()) {
      if (task.message.lapsed) this.#deliveries.leave(task);
      // Another message announced it, too.
      else if (this.#known.stateOf(task.notice) === 'done') this.#deliveries.done(task);
      else return task;
    }
    return undefined;
  }

  /** How many messages may be received now. */
  #room(): number {
    const free = MOST_HELD - this.#hold.size;
    const { isAway } = this.#store;
    if (this.#retrying.size < (isAway ? this.parallel : MOST_RETRIED * this.parallel)) return free;
    return free > 0 && this.#store.takeLook() ? 1 : 0;
  }

  async #receive(signal: AbortSignal, most: number): Promise<void> {
    try {
      const askedAt = this.#options.clock.steady();
      const received = await this.#receiver.receive(signal, most);
      this.#empty = received.length === 0;
      for (const one of received) this.#ready.push(...this.#deliveries.take(one, askedAt));
    } catch (error) {
      this.#queueFailure = { error };
    }
    this.#changed(() => (this.#receiving = undefined));
  }

  #streamOf(task: Task, signal: AbortSignal): InputStream {
    const { message, notice, index, tries } = task;
    const id = `sqs:${message.id}:${message.serial}:${index}:${tries}`;
    const isOld = message.receives !== 1 || tries > 0 || this.#known.has(notice);
    const hold = this.#hold;
    this.#known.note(notice, 'begun');
    this.#streams.set(id, task);
    this.#reading.add(id);
    return {
      id,
      origin: { input: 'sqs', bucket: notice.bucket, key: notice.key },
      resume: { offset: 0, arrayDepth: 0 },
      bytes: this.#read(id, task, signal),
      seeked: false,
      final: true,
      get mayBeStored() {
        return isOld || hold.isDoubtful(message);
      },
      retried: true,
    };
  }

  async *#read(id: string, task: Task, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { clock, logger } = this.#options;
    let isOfObject = false;
    try {
      // Whatever the object is now: should it have been written anew, this is all that can still be had of it.
      const { bucket, key } = task.notice;
      const outcome = await openObject(this.#s3, { bucket, key }, { signal, clock });
      if (outcome.kind === 'open') {
        yield* outcome.object.bytes;
        this.#works();
      } else if (outcome.kind === 'missing') {
        const { message } = task;
        this.#works();
        logger.warn(
          { place: placeOf(task.notice), message_id: message.id },
          'an object was deleted before it was read: its events cannot be had',
        );
      } else {
        const { kind, name, error } = outcome.failure;
        isOfObject = kind === 'unfit' || name === 'NoSuchBucket';
        throw error;
      }
    } catch (error) {
      if (error instanceof ConnectorError) this.#failed(id, task, error, isOfObject);
      throw error;
    } finally {
      this.#changed(() => this.#reading.delete(id));
    }
  }

  /** What was failing is tried at once when objects can be read again. */
  #works(): void {
    if (this.#store.works()) for (const { now } of [...this.#retrying.values()]) now();
  }

  #failed(id: string, task: Task, error: ConnectorError, isOfObject: boolean): void {
    const { clock, logger, once, objectRetry: policy = OBJECT_RETRY } = this.#options;
    this.#streams.delete(id);
    this.#objectFault = error;
    task.tries += 1;
    task.failingSince ??= clock.steady();
    if (task.tries >= policy.maxTries) {
      const isStores = !isOfObject && !this.#store.wasReadSince(task.failingSince);
      if (isStores) this.#store.seemsAway(error);
      if (!isStores || once) return this.#deliveries.giveUp(task, error);
    }
    if (task.tries === 1 && !this.#store.isAway)
      logger.warn(
        { place: placeOf(task.notice), code: error.code, fix: error.remedy },
        `an object cannot be read, and is tried again: ${error.message}`,
      );
    const now = (): void =>
      this.#changed(() => {
        this.#retrying.get(task)?.cancel();
        this.#retrying.delete(task);
        this.#ready.push(task);
      });
    const wait = waitMs(policy, { tries: task.tries, random: Math.random });
    this.#retrying.set(task, { now, cancel: clock.after(wait, now) });
  }

  /** Does something that `#next` may be waiting for. */
  #changed(change: () => void): void {
    change();
    this.#wake.now();
  }
}
