import { sleep, type Clock } from '../../clock.js';
import type { ConnectorError } from '../../errors.js';
import { doubling, waitMs, type RetryPolicy } from '../../retry.js';
import { MOST_PER_REQUEST, type Queue, type Received } from './queue.js';
import type { Trouble } from './trouble.js';

/** A queue that does not answer, or not us, is asked again for ever. */
const RETRY = doubling(1000, 60_000);
/** Between two requests that bring nothing, also where the service does not wait as it was asked to. */
const PAUSE_MS = 1000;
const FAILS = 'messages cannot be received';

export interface ReceiverOptions {
  readonly queue: Queue;
  readonly clock: Clock;
  readonly trouble: Trouble;
  /** Messages that one request asks for, 1 to 10. */
  readonly count: number;
  readonly once: boolean;
  readonly retry?: RetryPolicy;
}

/** Asks the queue for messages. */
export class Receiver {
  readonly #options: ReceiverOptions;
  #tries = 0;
  /** What the last request failed for. */
  fault: ConnectorError | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /**
   * Messages, `most` or fewer, or none after the time to wait, or when `signal` fires. After a failure it waits, and returns none.
   * @throws the failure, with `once`.
   */
  async receive(signal: AbortSignal, most = MOST_PER_REQUEST): Promise<Received[]> {
    const { queue, clock, count, once, trouble, retry = RETRY } = this.#options;
    const before = clock.steady();
    const answer = await queue.receive(Math.min(count, most), signal).catch(() => undefined);
    if (answer === undefined) return [];
    if ('failure' in answer) {
      if (once) throw answer.failure.error;
      this.fault = answer.failure.error;
      trouble.tell(FAILS, answer.failure);
      this.#tries += 1;
      await sleep(clock, waitMs(retry, { tries: this.#tries, random: Math.random }), signal);
      return [];
    }
    this.fault = undefined;
    this.#tries = 0;
    trouble.over(FAILS);
    const early = before + PAUSE_MS - clock.steady();
    if (answer.value.length === 0 && !once && early > 0) await sleep(clock, early, signal);
    return answer.value;
  }
}
