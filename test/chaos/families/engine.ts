import { setTimeout as sleep } from 'node:timers/promises';
import { come } from '../come.js';
import type { Family, Kind } from '../fault.js';
import { LONG_RUN_MS } from '../script.js';
import { weatherOf } from '../weather.js';

/** For a request that meets it. */
const WAIT_MS = 10_000;

function block(name: 'read_only_allow_delete' | 'write'): Kind {
  return {
    /** Milliseconds. */
    amount: [800, 3_000],
    async inflict(lane, forMs) {
      const set = (value: true | null): Promise<boolean> => lane.store.set({ [`index.blocks.${name}`]: value });
      try {
        if (!(await set(true))) return false;
        const before = lane.proxy.seen();
        const met = await come(() => lane.proxy.seen() > before, WAIT_MS);
        await sleep(forMs);
        return met;
      } finally {
        while (!(await set(null))) await sleep(200);
      }
    },
  };
}

/** What happens to the data streams. */
export function streams(forMs: number): Family {
  return {
    name: 'streams',
    everyMs: 12_000,
    isActive: weatherOf(forMs).isCalm,
    kinds: {
      'rolled over': { share: 2, inflict: (lane) => lane.rollOver() },
      'read-only as the disk flood stage sets it': block('read_only_allow_delete'),
      'blocked for writing': block('write'),
    },
  };
}

/** It may take half a minute to come back. */
const SELDOM_MS = 180_000;

/** What happens to the engine as a whole; in a short run once, in its first half. */
export function server(forMs: number): Family {
  return {
    name: 'engine',
    everyMs: Math.min(SELDOM_MS, forMs / 3),
    ...(forMs < LONG_RUN_MS && { isSingle: true }),
    shared: true,
    kinds: {
      'killed and restarted': {
        /** Milliseconds that it is away. */
        amount: [0, 4_000],
        async inflict({ store: { engine }, proxy }, awayMs) {
          await engine.kill();
          const before = proxy.asked();
          const met = await come(() => proxy.asked() > before, WAIT_MS);
          await sleep(awayMs);
          await engine.restart();
          return met;
        },
      },
    },
  };
}
