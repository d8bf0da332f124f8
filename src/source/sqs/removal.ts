import { sleep, type Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import { doubling, waitMs, type RetryPolicy } from '../../retry.js';
import type { Message } from './message.js';
import { MOST_PER_REQUEST, type Answer, type EntryOutcome, type Queue } from './queue.js';
import type { Trouble } from './trouble.js';

/** What is not deleted by then comes again, and is deleted then: its objects are known. */
const RETRY = doubling(500, 8000, 5);
/** Messages finish in groups, with the batches of events: a moment's wait makes one request of them. */
const LINGER_MS = 50;
const FAILS = 'messages cannot be deleted';

export interface RemovalOptions {
  readonly queue: Queue;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly trouble: Trouble;
  /** Ends requests under way. */
  readonly signal: AbortSignal;
  /** Told when nothing more is done about a message. */
  readonly onDone: (message: Message) => void;
  readonly retry?: RetryPolicy;
}

/** Deletes finished messages in the background, up to ten with a request. */
export class Removal {
  readonly #options: RemovalOptions;
  readonly #waiting: { readonly message: Message; tries: number }[] = [];
  readonly #hurry = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  add(message: Message): void {
    this.#waiting.push({ message, tries: 0 });
    if (this.#waiting.length >= MOST_PER_REQUEST) this.#start(0);
    else this.#start(LINGER_MS);
  }

  /** Resolves when all has been deleted or tried for the last time. */
  async close(): Promise<void> {
    this.#hurry.abort();
    while (this.#running !== undefined) await this.#running;
  }

  #start(afterMs: number): void {
    this.#running ??= this.#run(afterMs).finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#start(0);
    });
  }

  async #run(afterMs: number): Promise<void> {
    const { clock } = this.#options;
    await sleep(clock, afterMs, this.#hurry.signal);
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MOST_PER_REQUEST);
      const tries = await this.#remove(group);
      if (tries === 0) continue;
      const wait = waitMs(this.#policy, { tries, random: Math.random });
      await sleep(clock, wait, this.#hurry.signal);
    }
  }

  get #policy(): RetryPolicy {
    return this.#options.retry ?? RETRY;
  }

  /** How often the most tried one of those that are to be tried again was tried; 0 when there is none. */
  async #remove(group: { readonly message: Message; tries: number }[]): Promise<number> {
    const answer = await this.#ask(group.map(({ message }) => message.receipt));
    let most = 0;
    for (const [index, entry] of group.entries()) {
      const failure = failureOf(answer, index);
      entry.tries += 1;
      if (failure !== undefined && entry.tries < this.#policy.maxTries && !this.#hurry.signal.aborted) {
        this.#waiting.push(entry);
        most = Math.max(most, entry.tries);
      } else {
        if (failure !== undefined) this.#giveUp(entry.message, failure);
        this.#options.onDone(entry.message);
      }
    }
    return most;
  }

  async #ask(receipts: readonly string[]): Promise<Answer<EntryOutcome[]> | undefined> {
    const { queue, trouble, signal } = this.#options;
    try {
      const answer = await queue.remove(receipts, signal);
      if ('failure' in answer) trouble.tell(FAILS, answer.failure);
      else trouble.over(FAILS);
      return answer;
    } catch {
      // The signal: there is no time left.
      return undefined;
    }
  }

  #giveUp({ id }: Message, reason: string): void {
    this.#options.logger.warn(
      { queue: this.#options.queue.url, message_id: id, reason },
      'a finished message could not be deleted; it comes again, which is harmless',
    );
  }
}

function failureOf(answer: Answer<EntryOutcome[]> | undefined, index: number): string | undefined {
  if (answer === undefined) return 'the connector is ending';
  if ('failure' in answer) return answer.failure.error.message;
  const outcome = answer.value[index];
  // A receipt that is no longer good: the message is deleted already, or comes again.
  return typeof outcome === 'object' ? outcome.failure : undefined;
}
