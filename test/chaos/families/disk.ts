import { setTimeout as sleep } from 'node:timers/promises';
import type { Family } from '../fault.js';

/** What happens below data_dir. */
export const disk: Family = {
  name: 'disk',
  everyMs: 20_000,
  kinds: {
    'full below data_dir': {
      /** Milliseconds. */
      amount: [500, 3_000],
      async inflict(lane, forMs) {
        const span = { fromMs: Date.now(), toMs: Infinity };
        lane.full.push(span);
        await lane.room.fill();
        await sleep(forMs);
        await lane.room.empty();
        span.toMs = Date.now();
        return true;
      },
    },
  },
};
