import type { ItemOutcome } from '../bulk-answer.js';
import type { SendOutcome } from '../send.js';
import type { SentKind } from '../pace.js';

/** So large a share of refused items is overload; a few may be one shard's own trouble. */
const MANY = 0.1;

/** What the outcome of a bulk request says about the cluster's strength. A connection that broke says nothing: nor does a host that is away. */
export function sentKind(outcome: SendOutcome): SentKind {
  switch (outcome.kind) {
    case 'answered':
      return kindOfItems(outcome.items);
    case 'split':
      return outcome.refusal.status === 413 ? 'too_large' : 'unclear';
    case 'retry':
      if (outcome.cause === 'overloaded' || outcome.cause === 'timeout') return 'busy';
      return outcome.cause === 'server_error' ? 'ill' : 'unclear';
    case 'hold':
    case 'stopped':
      return 'unclear';
  }
}

function kindOfItems(items: readonly ItemOutcome[]): SentKind {
  const refused = items.filter(({ kind }) => kind === 'retry');
  if (refused.length <= items.length * MANY) return 'good';
  return refused.some((item) => 'status' in item && item.status === 429) ? 'busy' : 'ill';
}
