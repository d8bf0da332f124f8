import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyFault } from '../../support/fault-proxy.js';
import { come } from '../come.js';
import type { Family } from '../fault.js';
import type { Lane } from '../lane.js';

const STAGES = 3;
const BACK_WITHIN_MS = 30_000;
const yes = (): boolean => true;
const no = (): boolean => false;

/** One long outage in the middle of a run, while the inputs go on growing: three sorts of it, one after the other. */
export function outage(forMs: number): Family {
  const lasts = Math.round(forMs * 0.6);
  return {
    name: 'outage',
    everyMs: forMs * 0.2,
    isSingle: true,
    isActive: (atMs) => atMs < forMs * 0.3,
    kinds: {
      'connections refused, then 503, then no answer': {
        /** Milliseconds. */
        amount: [lasts, lasts],
        async inflict(lane, ms) {
          await refused(lane, ms / STAGES);
          const busy = await standing(lane, { kind: 'status', status: 503 }, ms / STAGES);
          return (await standing(lane, { kind: 'mute' }, ms / STAGES)) && busy;
        },
      },
    },
  };
}

/** Whoever sends meets it, and nobody is there to count. */
async function refused({ proxy }: Lane, ms: number): Promise<void> {
  const listen = await proxy.refuse();
  await sleep(ms);
  const isBack = await come(() => listen().then(yes, no), BACK_WITHIN_MS);
  if (!isBack) throw new Error('another process has taken the port of the proxy');
}

async function standing({ proxy }: Lane, fault: ProxyFault, ms: number): Promise<boolean> {
  const { hits, end } = proxy.stand(fault);
  await sleep(ms);
  end();
  return hits() > 0;
}
