import type { Logger } from '../../log.js';
import type { AwsFailure } from '../aws/failure.js';

/** Tells failures of requests to the queue when they come, change or end: not at every try, which may go on for days. */
export class Trouble {
  readonly #logger: Logger;
  readonly #queue: string;
  readonly #told = new Map<string, string>();

  constructor(logger: Logger, queue: string) {
    this.#logger = logger;
    this.#queue = queue;
  }

  /** @param what the request failed for, such as `messages cannot be received`. */
  tell(what: string, { name, error }: Pick<AwsFailure, 'name' | 'error'>): void {
    if (this.#told.get(what) === name) return;
    this.#told.set(what, name);
    this.#logger.error({ queue: this.#queue, code: error.code, fix: error.remedy }, `${what}: ${error.message}`);
  }

  over(what: string): void {
    if (this.#told.delete(what)) this.#logger.info({ queue: this.#queue }, `no longer so: ${what}`);
  }
}
