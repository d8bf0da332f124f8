import type { Clock } from '../../clock.js';
import type { ConnectorError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { doubling, waitMs } from '../../retry.js';

/** While nothing can be read, so rarely a further message is received: its object may be one that can. */
const LOOK = doubling(60_000, 900_000);

export interface StoreHealthOptions {
  readonly queueUrl: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Called when a further message may be received. */
  readonly onLook: () => void;
}

/**
 * Whether objects can be read at all. Each receive brings a message nearer to the dead-letter queue, so when it is the store
 * that is away, messages are to be held and not to be let go and received again and again. What tells the one from the
 * other is not the kind of failure (rights may be missing for one object or for all) but whether another object can be read.
 */
export class StoreHealth {
  readonly #options: StoreHealthOptions;
  #readAt = -Infinity;
  #isAway = false;
  #mayLook = false;
  #looks = 0;
  #cancel: (() => void) | undefined;

  constructor(options: StoreHealthOptions) {
    this.#options = options;
  }

  /** An object could not be read for as long as one is tried, and no other one was read meanwhile. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Whether an object was read to its end since then (`Clock.steady`). */
  wasReadSince(steadyMs: number): boolean {
    return this.#readAt > steadyMs;
  }

  /** Said when it begins. */
  seemsAway({ code, message, place, remedy: fix }: ConnectorError): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#looks = 0;
    this.#lookLater();
    this.#options.logger.error(
      { queue: this.#options.queueUrl, code, place, fix },
      `no object can be read; messages are held until one can, and hardly any are received: ${message}`,
    );
  }

  /** An object was read to its end, or the store knows that it does not exist. True when none could be before. */
  works(): boolean {
    this.#readAt = this.#options.clock.steady();
    if (!this.#isAway) return false;
    this.close();
    this.#isAway = false;
    this.#options.logger.info({ queue: this.#options.queueUrl }, 'objects can be read again');
    return true;
  }

  /** Whether a further message may be received although the store is away; true once after each wait. */
  takeLook(): boolean {
    if (!this.#mayLook) return false;
    this.#mayLook = false;
    this.#lookLater();
    return true;
  }

  close(): void {
    this.#cancel?.();
    this.#mayLook = false;
  }

  #lookLater(): void {
    const { clock, onLook } = this.#options;
    this.#looks += 1;
    // Half of the longest wait at least: jitter must not make it often.
    const wait = waitMs(LOOK, { tries: this.#looks, random: () => 0.5 + Math.random() / 2 });
    this.#cancel = clock.after(wait, () => {
      this.#mayLook = true;
      onLook();
    });
  }
}
