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
      async inflict({ room }, forMs) {
        await room.fill();
        await sleep(forMs);
        await room.empty();
        return true;
      },
    },
  },
};
