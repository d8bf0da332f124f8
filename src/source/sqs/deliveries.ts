import type { Clock } from '../../clock.js';
import type { ConnectorError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { placeOf } from '../aws/object.js';
import type { Hold } from './hold.js';
import type { KnownObjects } from './known-objects.js';
import type { FailedObject, Message, Task } from './message.js';
import { parseNotification, type ObjectNotice } from './notification.js';
import type { Received } from './queue.js';
import { Recent } from './recent.js';
import type { Removal } from './removal.js';
import { shown } from './shown.js';

/** A message that failed comes again after the visibility timeout, then after twice as long, and so on up to an hour. */
const LONGEST_BACK_OFF_S = 3600;
/** So many foreign messages are remembered as told. */
const MOST_TOLD = 10_000;

export interface DeliveriesOptions {
  readonly queueUrl: string;
  readonly visibilityTimeoutS: number;
  readonly poisonReceives: number;
  readonly hold: Hold;
  readonly removal: Removal;
  readonly known: KnownObjects;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What becomes of messages: each is deleted when all of its objects are done, and let go when something of it failed. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #told = new Recent<true>(MOST_TOLD);
  readonly #leaving = new Set<Promise<void>>();
  #serial = 0;
  /** Objects given up in this run. */
  readonly failures: { count: number; first: FailedObject | undefined } = { count: 0, first: undefined };

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /**
   * The objects of a message that are to be read; what the message has besides is dealt with.
   * @param askedAt `Clock.steady` before it was received.
   */
  take(received: Received, askedAt: number): Task[] {
    const { objects, ignored, test, faults } = parseNotification(received.body);
    const wanted = objects.filter((notice) => !this.#isOver(notice));
    const message: Message = {
      ...received,
      serial: (this.#serial += 1),
      receivedAt: askedAt,
      hiddenUntil: askedAt + this.#options.visibilityTimeoutS * 1000,
      faults,
      open: wanted.length,
      failed: [],
      lapsed: false,
      doubtful: false,
      incomplete: false,
    };
    this.#options.hold.add(message);
    if (test) this.#options.logger.info(this.#fields(message), "S3's test message came: notifications reach the queue");
    if (ignored.length > 0)
      this.#options.logger.debug(
        { ...this.#fields(message), events: shown(ignored.join(', ')) },
        'events other than the creation of objects are left out',
      );
    if (message.open === 0) this.#end(message);
    return wanted.map((notice, index) => ({ message, notice, index, tries: 0, failingSince: undefined }));
  }

  /** Everything of the object is stored or rejected, or it does not exist. */
  done(task: Task): void {
    this.#options.known.note(task.notice, 'done');
    this.#close(task);
  }

  /** The object could not be read in this delivery. */
  giveUp(task: Task, { message: reason, remedy }: ConnectorError): void {
    const failed = { place: placeOf(task.notice), reason, remedy };
    task.message.failed.push(failed);
    this.failures.count += 1;
    this.failures.first ??= failed;
    this.#close(task);
  }

  /** The object is left to who has the message now. */
  leave(task: Task): void {
    task.message.incomplete = true;
    this.#close(task);
  }

  /** Resolves when the queue was told of all that was let go. */
  async settled(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  /** Folders, as consoles make them, are objects without content; done objects need no second reading. */
  #isOver(notice: ObjectNotice): boolean {
    return notice.key.endsWith('/') || this.#options.known.stateOf(notice) === 'done';
  }

  #close({ message }: Task): void {
    message.open -= 1;
    if (message.open === 0) this.#end(message);
  }

  #end(message: Message): void {
    if (message.incomplete) this.#options.hold.drop(message);
    else if (message.failed.length > 0 || message.faults.length > 0) this.#letGo(message);
    else this.#options.removal.add(message);
  }

  #letGo(message: Message): void {
    const seconds = this.backOffS(message);
    this.#tell(message, seconds);
    const leaving = this.#options.hold.release([message], () => seconds).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** After so many seconds a message is to come again that nothing could be done about in this delivery. */
  backOffS({ receives = 1 }: Message): number {
    const { visibilityTimeoutS } = this.#options;
    const longest = Math.max(visibilityTimeoutS, LONGEST_BACK_OFF_S);
    return Math.min(visibilityTimeoutS * 2 ** Math.min(receives - 1, 20), longest);
  }

  #tell(message: Message, seconds: number): void {
    const { logger, poisonReceives } = this.#options;
    const { id, faults, failed, receives = 1 } = message;
    const fields = {
      ...this.#fields(message),
      receives,
      comes_again_s: seconds,
      ...(failed.length > 0 ? { objects: failed } : {}),
      ...(faults.length > 0 ? { not_understood: faults } : {}),
    };
    if (receives >= poisonReceives)
      logger.error(
        { code: 'CCX_INPUT_POISON', ...fields },
        `a message has failed ${receives} times; it stays in the queue, whose redrive policy decides what becomes of it`,
      );
    else if (failed.length > 0) logger.warn(fields, 'objects of a message could not be read; it comes again');
    else if (this.#told.get(id) === undefined)
      logger.warn(fields, 'a message is no notification of S3; it is left in the queue');
    this.#told.set(id, true);
  }

  #fields({ id }: Message): { queue: string; message_id: string } {
    return { queue: this.#options.queueUrl, message_id: id };
  }
}
