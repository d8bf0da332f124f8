import type { Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import type { Message } from './message.js';
import { MOST_PER_REQUEST, type EntryOutcome, type Queue } from './queue.js';
import type { Trouble } from './trouble.js';

/** SQS: a message can be kept hidden for so long after it was received, and not longer. */
const LONGEST_HIDDEN_S = 43_200;
/** Two beats may be lost before a message lapses. */
const BEATS_PER_TIMEOUT = 3;
/** Requests side by side: a thousand messages one after the other may lapse before their turn. */
const SIDE_BY_SIDE = 10;
const FAILS = 'messages cannot be kept hidden';

export interface HoldOptions {
  readonly queue: Queue;
  readonly visibilityTimeoutS: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly trouble: Trouble;
  /** Ends requests under way. */
  readonly signal: AbortSignal;
}

/**
 * Keeps messages hidden from other connectors for as long as they are held, however long that takes: the cluster may be away
 * for hours. A message whose receipt is no longer good is marked as lapsed; one of which nobody can say that it was always
 * hidden, as the queue could not be told in time, is doubtful.
 */
export class Hold {
  readonly #options: HoldOptions;
  readonly #held = new Set<Message>();
  #cancel: (() => void) | undefined;
  #beating: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  add(message: Message): void {
    this.#held.add(message);
    this.#schedule();
  }

  /** Leaves the message to itself: deleted, or to come again when its time is over. */
  drop(message: Message): void {
    this.#held.delete(message);
  }

  /** Whether another connector may have had the message meanwhile; once so, always so. */
  isDoubtful(message: Message): boolean {
    message.doubtful ||= message.lapsed || this.#options.clock.steady() >= message.hiddenUntil;
    return message.doubtful;
  }

  /** Lets messages go that come again in so many seconds. What the queue does not take comes again when its time is over. */
  async release(messages: readonly Message[], secondsOf: (message: Message) => number): Promise<void> {
    for (const message of messages) this.drop(message);
    // A beat under way would hide them for another while, after this.
    await this.#beating;
    await this.#hide(
      messages.filter(({ lapsed }) => !lapsed),
      (message) => Math.min(secondsOf(message), this.#secondsLeft(message)),
    );
  }

  /** Lets go all that is held, to be seen by others in so many seconds. */
  async close(secondsOf: (message: Message) => number): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.release([...this.#held], secondsOf);
  }

  #schedule(): void {
    if (this.#cancel !== undefined || this.#closed || this.#held.size === 0) return;
    const { clock, visibilityTimeoutS } = this.#options;
    this.#cancel = clock.after((visibilityTimeoutS * 1000) / BEATS_PER_TIMEOUT, () => {
      this.#cancel = undefined;
      // Counted from here: a queue that answers slowly must not make the beats rare.
      this.#schedule();
      const before = this.#beating;
      this.#beating = this.#beat().then(() => before);
    });
  }

  async #beat(): Promise<void> {
    const { visibilityTimeoutS } = this.#options;
    for (const message of this.#held) if (this.#secondsLeft(message) <= 0) this.#endOfTime(message);
    const held = [...this.#held].filter(({ lapsed }) => !lapsed);
    await this.#hide(held, (message) => Math.min(visibilityTimeoutS, this.#secondsLeft(message)));
  }

  async #hide(messages: readonly Message[], secondsOf: (message: Message) => number): Promise<void> {
    const groups: (readonly Message[])[] = [];
    for (let at = 0; at < messages.length; at += MOST_PER_REQUEST)
      groups.push(messages.slice(at, at + MOST_PER_REQUEST));
    const work = async (): Promise<void> => {
      for (let group = groups.shift(); group !== undefined; group = groups.shift())
        await this.#hideGroup(group, secondsOf);
    };
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, groups.length) }, work));
  }

  async #hideGroup(group: readonly Message[], secondsOf: (message: Message) => number): Promise<void> {
    const entries = group.map((message) => ({ receipt: message.receipt, seconds: Math.max(0, secondsOf(message)) }));
    const askedAt = this.#options.clock.steady();
    try {
      const answer = await this.#options.queue.hide(entries, this.#options.signal);
      if ('failure' in answer) this.#options.trouble.tell(FAILS, answer.failure);
      else this.#note(group, answer.value, (index) => askedAt + (entries[index]?.seconds ?? 0) * 1000);
    } catch {
      // The signal: there is no time left, and what is not said to the queue lapses by itself.
    }
  }

  #note(messages: readonly Message[], outcomes: readonly EntryOutcome[], untilOf: (index: number) => number): void {
    this.#options.trouble.over(FAILS);
    for (const [index, message] of messages.entries()) {
      const outcome = outcomes[index];
      // Deleted or let go meanwhile: then its receipt has to be invalid.
      if (outcome === undefined || !this.#held.has(message)) continue;
      if (outcome === 'done') {
        // Doubt stays: that it can be hidden now does not tell that it was until now.
        if (!this.isDoubtful(message)) message.hiddenUntil = untilOf(index);
        continue;
      }
      const { logger, queue } = this.#options;
      const fields = { queue: queue.url, message_id: message.id };
      if (outcome !== 'gone') {
        logger.warn({ ...fields, reason: outcome.failure }, 'a message could not be kept hidden; it is tried again');
      } else {
        message.lapsed = true;
        logger.warn(
          fields,
          'a message is no longer ours, as its time was over: another connector may read its objects, too',
        );
      }
    }
  }

  #endOfTime(message: Message): void {
    if (message.lapsed) return;
    message.lapsed = true;
    this.#options.logger.warn(
      { queue: this.#options.queue.url, message_id: message.id },
      'a message has been held for 12 hours, the longest that SQS allows, and comes again; events stored by then are known by their ids',
    );
  }

  #secondsLeft({ receivedAt }: Message): number {
    return Math.floor(LONGEST_HIDDEN_S - (this.#options.clock.steady() - receivedAt) / 1000);
  }
}
