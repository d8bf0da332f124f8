import { bodyOf, type Batch, type StreamRef } from './batch.js';
import type { ItemOutcome, Refusal } from './bulk-answer.js';
import { sleep } from './clock.js';
import type { BatchResult, RejectedItem, SenderOptions } from './deliver.js';
import type { Lookup } from './lookup.js';
import type { Sent } from './pace.js';
import { sentKind } from './pace/kind.js';
import { waitMs, type RetryPolicy } from './retry.js';
import type { RetryCause } from './exchange.js';
import type { ErrorCode } from './errors.js';
import type { Explanation } from './target/reasons.js';
import { explainRefusal } from './target/refusal.js';
import { sendBulk, type SendOutcome } from './send.js';

/** What all deliveries of a sender share. */
export interface Context extends Required<SenderOptions> {
  readonly policy: RetryPolicy;
  readonly lookup: Lookup;
  /** The longest a request may take from its start to the end of its answer. */
  readonly deadlineMs: number;
  /** Told what came of each bulk request. */
  readonly paced: (sent: Sent) => void;
  /** Ends requests under way. */
  readonly end: AbortSignal;
}

/** Items that are sent together, and when. */
interface Group {
  readonly items: readonly number[];
  readonly tries: number;
  readonly dueAt: number;
  /** They were sent before, and nobody knows what became of that. */
  readonly mayBeStored: boolean;
}

/** One batch on its way: groups of its items, each sent when it is due, until none is left. */
export class Delivery {
  readonly #context: Context;
  readonly #batch: Batch;
  readonly #signal: AbortSignal;
  #groups: Group[] = [];
  #indexed = 0;
  #duplicates = 0;
  #mayBeStored = false;
  readonly #rejected: RejectedItem[] = [];
  readonly #unfinished: number[] = [];

  constructor(context: Context, batch: Batch, signal: AbortSignal) {
    this.#context = context;
    this.#batch = batch;
    this.#signal = signal;
    const items: number[] = [];
    for (let item = 0; item < batch.count; item++) items.push(item);
    this.#add({ items, tries: 0, mayBeStored: false }, 0);
  }

  async run(): Promise<BatchResult> {
    for (let group = this.#next(); group; group = this.#next()) {
      if (await this.#wait(group)) await this.#try(group);
      else this.#giveUp(group.items);
    }
    return {
      indexed: this.#indexed,
      duplicates: this.#duplicates,
      rejected: this.#rejected.sort((a, b) => a.item - b.item),
      unfinished: this.#unfinished.sort((a, b) => a - b),
      mayBeStored: this.#mayBeStored,
    };
  }

  #add(group: Omit<Group, 'dueAt'>, wait: number): void {
    if (group.items.length === 0) return;
    if (group.tries >= this.#context.policy.maxTries) this.#giveUp(group.items);
    else this.#groups.push({ ...group, dueAt: this.#context.clock.steady() + wait });
  }

  #giveUp(items: readonly number[]): void {
    for (const item of items) this.#unfinished.push(item);
  }

  /** The group that is due first: items on hold must not keep the others waiting. */
  #next(): Group | undefined {
    this.#groups.sort((a, b) => a.dueAt - b.dueAt);
    return this.#groups.shift();
  }

  #wait(group: Group): Promise<boolean> {
    const { clock } = this.#context;
    return sleep(clock, group.dueAt - clock.steady(), this.#signal);
  }

  async #try(group: Group): Promise<void> {
    const rest = await this.#withoutStored(group);
    if (rest === undefined) return;
    if (this.#signal.aborted) this.#giveUp(rest.items);
    else if (rest.items.length > 0) await this.#sendAndSettle(rest);
  }

  /**
   * The group without what the cluster has already, which is asked only where that may be: the id of a document protects
   * no longer when the data stream has rolled over. Undefined when there was no answer; then the group is dealt with.
   */
  async #withoutStored(group: Group): Promise<Group | undefined> {
    const { items, mayBeStored } = group;
    const doubtful = mayBeStored ? items : this.#doubtful(items);
    if (doubtful.length === 0) return group;
    const { clock, lookup, observe } = this.#context;
    const start = clock.steady();
    const found = await lookup.find(this.#batch, doubtful, this.#signal);
    const stored = found.kind === 'known' ? found.items : new Set<number>();
    const durationMs = clock.steady() - start;
    observe({ kind: 'lookup', outcome: found.kind, items: doubtful.length, found: stored.size, durationMs });
    this.#duplicates += stored.size;
    switch (found.kind) {
      case 'known':
        return { ...group, items: items.filter((item) => !stored.has(item)) };
      case 'refused':
      case 'skipped':
        return group;
      case 'retry':
        // A question that got lost stores nothing.
        return void this.#again(group, items, { ...found, mayBeStored: false });
      case 'hold':
        return void this.#hold(group, items, found.refusal);
      case 'stopped':
        return void this.#giveUp(items);
    }
  }

  /** Those of streams that say so; neighbours are of the same one, as a rule. */
  #doubtful(items: readonly number[]): number[] {
    const { streams } = this.#batch;
    const found: number[] = [];
    let last: StreamRef | undefined;
    let isDoubtful = false;
    for (const item of items) {
      const stream = streams[item];
      if (stream !== last) isDoubtful = stream?.mayBeStored === true;
      last = stream;
      if (isDoubtful) found.push(item);
    }
    return found;
  }

  async #sendAndSettle(group: Group): Promise<void> {
    const outcome = await this.#send(group);
    switch (outcome.kind) {
      case 'answered':
        return this.#settle(group, outcome.items);
      case 'retry':
        return this.#retry(group, outcome);
      case 'split':
        return this.#split(group, outcome.refusal);
      case 'hold':
        return this.#hold(group, group.items, outcome.refusal);
      case 'stopped':
        this.#mayBeStored = true;
        this.#giveUp(group.items);
    }
  }

  async #send(group: Group): Promise<SendOutcome> {
    const { client, config, clock, deadlineMs, observe, beforeSend, paced, end } = this.#context;
    beforeSend(this.#batch, group.items, new Date(clock.now()).toISOString());
    const body = bodyOf(this.#batch, group.items);
    const items = group.items.length;
    const startedMs = clock.steady();
    const { outcome, wireBytes } = await sendBulk(
      { body, count: items },
      { client, gzip: config.gzip, deadlineMs },
      end,
    );
    const endedMs = clock.steady();
    const bytes = body.length;
    observe({ kind: 'request', outcome: outcome.kind, items, bytes, wireBytes, durationMs: endedMs - startedMs });
    paced({ startedMs, endedMs, items, bytes, kind: sentKind(outcome) });
    return outcome;
  }

  #settle(group: Group, outcomes: readonly ItemOutcome[]): void {
    const retry: number[] = [];
    const hold: number[] = [];
    let refused: Refusal | undefined;
    let denied: Refusal | undefined;
    outcomes.forEach((outcome, i) => {
      const item = group.items[i] ?? 0;
      switch (outcome.kind) {
        case 'indexed':
          this.#indexed += 1;
          break;
        case 'duplicate':
          this.#duplicates += 1;
          break;
        case 'retry':
          retry.push(item);
          refused = outcome;
          break;
        case 'hold':
          hold.push(item);
          denied = outcome;
          break;
        case 'reject':
          this.#reject(item, outcome);
      }
    });
    if (refused) {
      const { status, type } = refused;
      const { message: detail = type, ...explained } = explainRefusal(refused) ?? {};
      this.#again(group, retry, { ...explained, cause: 'item', detail, status, mayBeStored: status >= 500 });
    }
    if (denied) this.#hold(group, hold, denied);
  }

  #reject(item: number, { status, type, reason }: Refusal): void {
    this.#rejected.push({ item, status, type, reason });
  }

  #retry(group: Group, outcome: Extract<SendOutcome, { kind: 'retry' }>): void {
    this.#mayBeStored ||= outcome.mayBeStored;
    this.#again(group, group.items, outcome);
  }

  #again(group: Group, items: readonly number[], why: Why): void {
    const { policy, random, log, observe } = this.#context;
    const tries = group.tries + 1;
    const wait = waitMs(policy, { tries, retryAfterMs: why.retryAfterMs, random });
    const { cause, detail, status, mayBeStored = false } = why;
    const about = withRemedy(why, { cause, status, detail });
    log.warn({ ...about, items: items.length, tries, wait_ms: Math.round(wait) }, 'Sending again after a wait');
    observe({ kind: 'retry', cause, items: items.length, waitMs: wait, mayBeStored });
    this.#add({ items, tries, mayBeStored: group.mayBeStored || mayBeStored }, wait);
  }

  #split(group: Group, refusal: Refusal): void {
    const { log, observe } = this.#context;
    const bytes = bodyOf(this.#batch, group.items).length;
    if (group.items.length === 1) return this.#reject(group.items[0] ?? 0, alone(refusal, bytes));
    const { status, type } = refusal;
    log.warn(
      { status, type, items: group.items.length, bytes },
      'The cluster refused a whole request: sending it in halves',
    );
    observe({ kind: 'retry', cause: 'split', items: group.items.length, waitMs: 0, mayBeStored: false });
    const half = group.items.length >> 1;
    this.#add({ ...group, items: group.items.slice(0, half) }, 0);
    this.#add({ ...group, items: group.items.slice(half) }, 0);
  }

  #hold(group: Group, items: readonly number[], refusal: Refusal): void {
    const { policy, log, observe } = this.#context;
    const { status, type, reason } = refusal;
    const wait = policy.holdMs;
    const why = holdReason(refusal);
    log.error(
      { ...withRemedy(why, { status, type, reason }), items: items.length, wait_ms: wait },
      `${why.message}. Events are kept and sent again until that is mended.`,
    );
    observe({ kind: 'retry', cause: 'hold', items: items.length, waitMs: wait, mayBeStored: false });
    this.#add({ ...group, items, tries: group.tries + 1 }, wait);
  }
}

interface Why {
  readonly code?: ErrorCode;
  readonly cause: RetryCause | 'item';
  readonly detail: string;
  readonly remedy?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly mayBeStored?: boolean;
}

/** Fields of a log line between the code and the remedy of what they are about, where those are known. */
function withRemedy({ code, remedy }: Pick<Why, 'code' | 'remedy'>, fields: object): object {
  return { ...(code !== undefined && { code }), ...fields, ...(remedy !== undefined && { remedy }) };
}

/** Engines and proxies answer 413 without a word. */
function alone(refusal: Refusal, bytes: number): Refusal {
  if (refusal.status !== 413) return refusal;
  const reason = `the event alone makes a request of ${bytes} bytes, more than the cluster or a proxy before it takes`;
  return { status: 413, type: 'request_too_large', reason };
}

/** Says what is missing; the engine's reason beside it names the user and the privilege. */
function holdReason(refusal: Refusal): Partial<Explanation> & Pick<Explanation, 'message'> {
  const { status } = refusal;
  const explained = explainRefusal(refusal);
  if (status === 403) {
    const message =
      'The user may not write: give the role what manifest.json lists as ship (Elasticsearch: create_doc and auto_configure on logs-cloudconnexa.*)';
    return explained?.code === 'CCX_OUTPUT_DENIED' ? { ...explained, message } : (explained ?? { message });
  }
  if (status === 401) {
    const message =
      'The cluster does not accept the credentials: check output.api_key, output.bearer_token or output.username and output.password';
    return { code: 'CCX_OUTPUT_DENIED', message };
  }
  const message = `What answers at output.hosts does not take bulk requests (HTTP ${status}): check the URL and what stands in between`;
  return explained ?? { message };
}
