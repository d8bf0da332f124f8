import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyFault } from '../../support/fault-proxy.js';
import type { Family, Kind } from '../fault.js';
import type { Lane } from '../lane.js';

/** A fault that no request meets for so long is taken back. */
const WAIT_MS = 15_000;

function once(fault: (amount: number, lane: Lane) => ProxyFault, amount?: Kind['amount']): Kind {
  return {
    ...(amount && { amount }),
    inflict: (lane, value) => lane.proxy.meet(fault(value, lane), WAIT_MS),
  };
}

/** Every request, lookups and the questions at start included, for so many milliseconds. */
function standing(fault: ProxyFault, amount: Kind['amount'] = [500, 4_000]): Kind {
  return {
    amount,
    async inflict({ proxy }, forMs) {
      const end = proxy.stand(fault);
      await sleep(forMs);
      return end() > 0;
    },
  };
}

const status = (code: number, headers?: Record<string, string>): ProxyFault => ({
  kind: 'status',
  status: code,
  ...(headers && { headers }),
});

/** A date in HTTP's form has whole seconds. */
const inTwoSeconds = (lane: Lane): string => new Date(lane.clock.now() + 2_000).toUTCString();

/** What goes wrong between the connector and the engine with one bulk request. */
export const wire: Family = {
  name: 'wire',
  everyMs: 1_300,
  overlapping: true,
  kinds: {
    '429': once(() => status(429)),
    '429, Retry-After in seconds': once(() => status(429, { 'retry-after': '1' })),
    '429, Retry-After as a date': once((_, lane) => status(429, { 'retry-after': inTwoSeconds(lane) })),
    '502': once(() => status(502)),
    '503': once(() => status(503)),
    'reset before the request is read': once(() => ({ kind: 'reset' })),
    'reset in the middle of the request': once(() => ({ kind: 'reset_body' })),
    'closed before it is stored': once(() => ({ kind: 'cut' })),
    'lost answer': once(() => ({ kind: 'lost' })),
    'lost answer, then a rollover': once((_, lane) => ({ kind: 'lost', meanwhile: () => lane.rollOver() })),
    'no answer, open connection': once(() => ({ kind: 'silent', head: false })),
    'head of an answer, then nothing': once(() => ({ kind: 'silent', head: true })),
    /** Milliseconds. */
    'slow drip of the answer': once((ms) => ({ kind: 'drip', ms }), [500, 8_000]),
    'truncated answer': once(() => ({ kind: 'truncated' })),
    'HTML with 200': once(() => ({ kind: 'garbage', body: '<html>Welcome</html>', type: 'text/html' })),
    'empty 200': once(() => ({ kind: 'garbage', body: '', type: 'application/json' })),
    'wrong JSON with 200': once(() => ({ kind: 'garbage', body: '{"items":[]}', type: 'application/json' })),
    'items: 429': once(() => ({ kind: 'items', status: 429, every: 3 })),
    'items: 503': once(() => ({ kind: 'items', status: 503, every: 3 })),
    'items: stored, answered 503': once(() => ({ kind: 'items', status: 503, every: 2, stored: true })),
    'items: 201, 409, 429, 503 and 400 in one answer': once(() => ({ kind: 'mix' })),
    'sent twice by a gateway': once(() => ({ kind: 'doubled' })),
  },
};

/** What the cluster, or something before it, says to every request for a while. */
export const refusals: Family = {
  name: 'refusals',
  everyMs: 8_000,
  kinds: {
    '503 for a while': standing(status(503)),
    '401 for a while': standing(status(401)),
    '403 for a while': standing(status(403)),
    /** Bytes. */
    '413 above a size': {
      amount: [4_000, 40_000],
      async inflict({ proxy }, bytes) {
        const before = proxy.seen();
        proxy.limit(bytes);
        await sleep(2_000);
        proxy.limit(undefined);
        return proxy.seen() > before;
      },
    },
  },
};
