import type { Client } from '@elastic/elasticsearch';
import type { Batch } from './batch.js';
import type { Refusal } from './bulk-answer.js';
import { systemClock, type Clock } from './clock.js';
import type { OutputConfig } from './config.js';
import type { Logger } from './log.js';
import { Delivery, type Context } from './delivery.js';
import { createLookup, type Found } from './lookup.js';
import { createPace, type Pace } from './pace.js';
import { createPaceReport } from './pace/report.js';
import { policyOf, type RetryPolicy } from './retry.js';
import type { RetryCause } from './exchange.js';
import type { SendOutcome } from './send.js';

/** What became of a batch. `indexed + duplicates + rejected.length + unfinished.length` is its count. */
export interface BatchResult {
  readonly indexed: number;
  /** Already there: counted apart, finished all the same. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedItem[];
  /** Item numbers given up because of a stop, ascending. A batch with any must not move a checkpoint. */
  readonly unfinished: readonly number[];
  /** True when an answer was lost on the way: items may have been stored before they were sent again. */
  readonly mayBeStored: boolean;
}

export interface RejectedItem extends Refusal {
  /** Number of the item in the batch. */
  readonly item: number;
}

/** What happens while sending, for metrics. */
export type SendEvent =
  | {
      readonly kind: 'request';
      readonly outcome: SendOutcome['kind'];
      readonly items: number;
      /** Uncompressed, and as sent. */
      readonly bytes: number;
      readonly wireBytes: number;
      readonly durationMs: number;
    }
  /** The cluster was asked which of these items it has; those found are not sent. */
  | {
      readonly kind: 'lookup';
      readonly outcome: Found['kind'];
      readonly items: number;
      readonly found: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'retry';
      readonly cause: RetryCause | 'item' | 'hold' | 'split';
      readonly items: number;
      readonly waitMs: number;
      readonly mayBeStored: boolean;
    };

export interface SenderOptions {
  readonly client: Client;
  readonly config: Pick<OutputConfig, 'gzip' | 'request_timeout_s' | 'retry' | 'max_in_flight' | 'batch'>;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Replaces parts of the policy made from the config. */
  readonly policy?: Partial<RetryPolicy>;
  readonly observe?: (event: SendEvent) => void;
  /** Called before each try with the items that are sent and the time (ISO 8601); may change bytes of the batch's body. */
  readonly beforeSend?: (batch: Batch, items: readonly number[], time: string) => void;
}

export interface Sender {
  /** How much at a time the cluster takes well, as far as its answers tell. */
  readonly pace: Pace;
  /**
   * Sends a batch until each item is stored or rejected; items that may be stored already are looked up first. After
   * `signal` no request is begun and no wait goes on; one under way is left to end, but a lookup is given up. Never throws
   * for what a server or network does.
   */
  deliver(batch: Batch, signal: AbortSignal): Promise<BatchResult>;
  /** Ends the requests under way, after a stop that took too long. */
  abort(): void;
}

export function createSender(options: SenderOptions): Sender {
  const end = new AbortController();
  const { client, log, config, clock = systemClock } = options;
  const deadlineMs = config.request_timeout_s * 2000;
  const pace = createPace({ maxInFlight: config.max_in_flight, maxBytes: config.batch.max_bytes });
  const report = createPaceReport(pace, { log, clock });
  const context: Context = {
    clock,
    random: Math.random,
    observe: () => undefined,
    beforeSend: () => undefined,
    ...options,
    policy: { ...policyOf(config.retry), ...options.policy },
    lookup: createLookup({ client, log, clock, deadlineMs }),
    deadlineMs,
    paced(sent) {
      pace.note(sent);
      report();
    },
    end: end.signal,
  };
  return {
    pace,
    deliver: (batch, signal) => new Delivery(context, batch, signal).run(),
    abort: () => end.abort(),
  };
}
