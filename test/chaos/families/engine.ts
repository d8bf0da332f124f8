import { setTimeout as sleep } from 'node:timers/promises';
import type { Family, Kind } from '../fault.js';

function block(name: 'read_only_allow_delete' | 'write'): Kind {
  return {
    /** Milliseconds. */
    amount: [800, 3_000],
    async inflict(lane, forMs) {
      const set = (value: true | null): Promise<boolean> => lane.store.set({ [`index.blocks.${name}`]: value });
      try {
        if (!(await set(true))) return false;
        await sleep(forMs);
        return true;
      } finally {
        while (!(await set(null))) await sleep(200);
      }
    },
  };
}

/** What happens to the data streams. */
export const streams: Family = {
  name: 'streams',
  everyMs: 6_000,
  kinds: {
    'rolled over': { share: 3, inflict: (lane) => lane.rollOver() },
    'read-only as the disk flood stage sets it': block('read_only_allow_delete'),
    'blocked for writing': block('write'),
  },
};

const SELDOM_MS = 120_000;

/** What happens to the engine as a whole; in a short run once. */
export function server(forMs: number): Family {
  return {
    name: 'engine',
    everyMs: Math.min(SELDOM_MS, forMs / 2),
    shared: true,
    kinds: {
      'killed and restarted': {
        /** Milliseconds that it is away. */
        amount: [0, 4_000],
        async inflict({ store: { engine } }, awayMs) {
          await engine.kill();
          await sleep(awayMs);
          await engine.restart();
          return true;
        },
      },
    },
  };
}
