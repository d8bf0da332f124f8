import { setTimeout as sleep } from 'node:timers/promises';
import { come } from '../come.js';
import type { Family } from '../fault.js';

/** The system's words for it in the log: for a small file system, and for a limit of file sizes. */
const NO_ROOM = /ENOSPC|EFBIG/;
/** It renews its lock every two seconds. */
const NOTICED_WITHIN_MS = 15_000;

/** What happens below data_dir. */
export const disk: Family = {
  name: 'disk',
  everyMs: 30_000,
  kinds: {
    'full below data_dir': {
      /** Milliseconds after the process has said so. */
      amount: [500, 3_000],
      async inflict(lane, forMs) {
        const span = { fromMs: Date.now(), toMs: Infinity };
        lane.full.push(span);
        const said = lane.keeper.listen();
        await lane.room.fill();
        const met = await come(() => NO_ROOM.test(said()), NOTICED_WITHIN_MS);
        if (met) await sleep(forMs);
        await lane.room.empty();
        span.toMs = Date.now();
        return met;
      },
    },
  },
};
