import type { Client } from '@elastic/elasticsearch';
import { originOf, type Batch } from './batch.js';
import type { Refusal } from './bulk-answer.js';
import type { Clock } from './clock.js';
import { errorKinds } from './errors.js';
import type { Logger } from './log.js';
import { storedIds, type Unanswered } from './stored.js';

/**
 * `known`: the item numbers that are stored, as far as the cluster says: a data stream that it keeps to itself has none. `skipped`: it was
 * not asked, because it refused a while ago.
 */
export type Found =
  { readonly kind: 'known'; readonly items: ReadonlySet<number> } | { readonly kind: 'skipped' } | Unanswered;

/** Tells which items of a batch are stored already, for batches of which some may be. */
export interface Lookup {
  /**
   * Never throws for what a server or network does. A refusal is warned of once for a data stream, which is then left alone for a while;
   * the others are asked all the same.
   */
  find(batch: Batch, items: readonly number[], signal: AbortSignal): Promise<Found>;
}

export interface LookupOptions {
  readonly client: Client;
  /** The longest a request may take, in milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const PAUSE_MS = 10 * 60 * 1000;
/** So long a 403 that is not the security's own may last before it counts as a lasting refusal. */
const PASSING_MS = 60 * 1000;

export function createLookup(options: LookupOptions): Lookup {
  const pausedUntil = new Map<string, number>();
  const told = new Set<string>();
  /** When a 403 began that may pass. */
  const deniedSince = new Map<string, number>();

  async function find(batch: Batch, items: readonly number[], signal: AbortSignal): Promise<Found> {
    const stored = new Set<number>();
    let unknown: Found = { kind: 'skipped' };
    let known = false;
    const due = [...byIndex(batch, items)].filter(([index]) => !isPaused(index));
    // Side by side: a batch has events of several data streams, and one after the other would take as many times as long.
    const answers = await Promise.all(
      due.map(async ([index, documents]) => {
        const found = await storedIds(index, [...documents.keys()], options, signal);
        return { index, documents, found };
      }),
    );
    for (const { index, documents, found } of answers) {
      if (found.kind === 'refused') {
        if (mayPass(index, found.refusal)) return again(found.refusal);
        pause(index, found.refusal);
        unknown = found;
        continue;
      }
      if (found.kind !== 'known') return found;
      for (const [id, of] of documents) if (found.ids.has(id)) of.forEach((item) => stored.add(item));
      told.delete(index);
      deniedSince.delete(index);
      known = true;
    }
    return known ? { kind: 'known', items: stored } : unknown;
  }

  function isPaused(index: string): boolean {
    return options.clock.steady() < (pausedUntil.get(index) ?? -Infinity);
  }

  /**
   * Both engines say `security_exception` where a privilege is missing. Any other 403, of a proxy or a gateway, may be over in a moment;
   * taken for a missing privilege it would switch the look-ups off for minutes in which a rollover makes events double.
   */
  function mayPass(index: string, { status, type }: Refusal): boolean {
    if (status !== 403 || type === 'security_exception') return false;
    const now = options.clock.steady();
    const since = deniedSince.get(index) ?? now;
    deniedSince.set(index, since);
    return now - since < PASSING_MS;
  }

  function pause(index: string, { status, type, reason }: Refusal): void {
    pausedUntil.set(index, options.clock.steady() + PAUSE_MS);
    if (told.has(index)) return;
    told.add(index);
    const { meaning, remedy } = errorKinds.CCX_LOOKUP_REFUSED;
    options.log.warn({ code: 'CCX_LOOKUP_REFUSED', index, status, type, reason, remedy }, meaning);
  }

  return { find };
}

function again({ status, type, reason }: Refusal): Found {
  return { kind: 'retry', cause: 'server_error', detail: `${type}: ${reason}`, status, mayBeStored: false };
}

/** Item numbers by data stream and id. The same event may be in a batch twice. */
function byIndex(batch: Batch, items: readonly number[]): Map<string, Map<string, number[]>> {
  const indices = new Map<string, Map<string, number[]>>();
  for (const item of items) {
    const { index, id } = originOf(batch, item);
    const documents = indices.get(index) ?? new Map<string, number[]>();
    indices.set(index, documents.set(id, [...(documents.get(id) ?? []), item]));
  }
  return indices;
}
