import { setTimeout as sleep } from 'node:timers/promises';
import type { Family } from '../fault.js';

/** One long outage in the middle of a run, while the inputs go on growing. */
export function outage(forMs: number): Family {
  const lasts = Math.round(forMs * 0.6);
  return {
    name: 'outage',
    everyMs: forMs * 0.2,
    isActive: (atMs) => atMs < forMs * 0.3,
    kinds: {
      'nothing but 503': {
        /** Milliseconds. */
        amount: [lasts, lasts],
        async inflict({ proxy }, ms) {
          const { hits, end } = proxy.stand({ kind: 'status', status: 503 });
          await sleep(ms);
          end();
          return hits() > 0;
        },
      },
    },
  };
}
