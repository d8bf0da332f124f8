import type { ConnectorError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { doubling, waitMs } from '../../retry.js';
import type { AwsFailure } from '../aws/failure.js';

const RETRY = doubling(2000, 300_000);

export interface HealthOptions {
  readonly logger: Logger;
  /** Of the listing; such as `s3://bucket`. */
  readonly place: string;
  /** False: failures are thrown in the end, so they need not be logged. */
  readonly told: boolean;
}

/** Whether the bucket can be listed: said when that changes, and not at every look. */
export class ListingHealth {
  readonly #options: HealthOptions;
  #failure: AwsFailure | undefined;
  #failures = 0;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  get error(): ConnectorError | undefined {
    return this.#failure?.error;
  }

  works(): void {
    const { logger, told, place } = this.#options;
    if (this.#failure !== undefined && told) logger.info({ place }, 'the bucket is listed again');
    this.#failure = undefined;
    this.#failures = 0;
  }

  failed(failure: AwsFailure): void {
    const { logger, told } = this.#options;
    const isNew = failure.name !== this.#failure?.name;
    this.#failure = failure;
    this.#failures += 1;
    if (!isNew || !told) return;
    const { code, place, message, remedy: fix } = failure.error;
    logger.error({ code, place, fix }, `the bucket cannot be listed; it is tried again: ${message}`);
  }

  /** Until the next look: the usual time, or growing ones while it keeps failing. */
  restMs(usualMs: number): number {
    if (this.#failures === 0) return usualMs;
    return waitMs(RETRY, { tries: this.#failures, random: Math.random });
  }
}
