import { setTimeout as sleep } from 'node:timers/promises';
import { come } from '../come.js';
import type { ProxyFault } from '../../support/fault-proxy.js';
import type { Family, Kind } from '../fault.js';
import type { Lane } from '../lane.js';
import { LOCK_OUT_MS, weatherOf } from '../weather.js';

/** A fault that no request meets for so long is taken back. */
const WAIT_MS = 90_000;

function once(fault: (amount: number, lane: Lane) => ProxyFault, amount?: Kind['amount']): Kind {
  return {
    ...(amount && { amount }),
    inflict: (lane, value) => lane.proxy.meet(fault(value, lane), WAIT_MS),
  };
}

/** Every request, lookups and the questions at start included, for so many milliseconds after the first one. */
function standing(fault: ProxyFault, [least, most]: readonly [least: number, most: number] = [500, 3_000]): Kind {
  return {
    amount: [least, most],
    async inflict({ proxy }, forMs) {
      const { hits, end } = proxy.stand(fault);
      const met = await come(() => hits() > 0, WAIT_MS);
      if (met) await sleep(forMs);
      end();
      return met;
    },
  };
}

const status = (code: number, headers?: Record<string, string>): ProxyFault => ({
  kind: 'status',
  status: code,
  ...(headers && { headers }),
});

/** By the server's clock, as it is: the connector's may be wrong just then. A date in HTTP's form has whole seconds. */
const inTwoSeconds = (): string => new Date(Date.now() + 2_000).toUTCString();

/** What goes wrong between the connector and the engine with one bulk request. */
const wireKinds: Family['kinds'] = {
  '429': once(() => status(429)),
  '429, Retry-After in seconds': once(() => status(429, { 'retry-after': '1' })),
  '429, Retry-After as a date': once(() => status(429, { 'retry-after': inTwoSeconds() })),
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
  'items: 201, the 400 of the engine, 429, 503, and stored but answered 503 or 409, in one answer': once(() => ({
    kind: 'mix',
  })),
  'sent twice by a gateway': once(() => ({ kind: 'doubled' })),
};

/** Seldom enough for most requests to meet none: one that waits for its turn keeps those behind it waiting. */
export function wire(forMs: number): Family {
  const { isCalm } = weatherOf(forMs);
  return { name: 'wire', everyMs: 2_400, overlapping: true, isActive: isCalm, kinds: wireKinds };
}

/** What the cluster, or something before it, says to every request for a while. */
const refusalKinds: Family['kinds'] = {
  '503 for a while': standing(status(503)),
  '401 for a while': standing(status(401)),
  '403 for a while': standing(status(403)),
  /** Bytes. */
  '413 above a size': {
    amount: [4_000, 40_000],
    async inflict({ proxy }, bytes) {
      const before = proxy.tooLarge();
      proxy.limit(bytes);
      const met = await come(() => proxy.tooLarge() > before, WAIT_MS);
      if (met) await sleep(2_000);
      proxy.limit(undefined);
      return met;
    },
  },
};

export function refusals(forMs: number): Family {
  return { name: 'refusals', everyMs: 12_000, isActive: weatherOf(forMs).isCalm, kinds: refusalKinds };
}

/** Credentials that are refused for minutes, as when somebody changes them: once, and only where there is time for it. */
export function lockedOut(forMs: number): Family {
  const { lockOutMs = Infinity } = weatherOf(forMs);
  return {
    name: 'refusals, long',
    everyMs: 1_000,
    isSingle: true,
    isActive: (atMs) => atMs >= lockOutMs,
    kinds: { '401 for minutes': standing(status(401), [LOCK_OUT_MS, LOCK_OUT_MS]) },
  };
}
