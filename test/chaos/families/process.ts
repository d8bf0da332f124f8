import { setTimeout as sleep } from 'node:timers/promises';
import { come } from '../come.js';
import type { Family, Kind } from '../fault.js';
import { FIRST_REQUEST_MS } from '../subject.js';
import { isStorm, STORM_SHARE } from '../weather.js';

/** Of each sort in one deal. */
const [SHIPPING, STARTING] = [12, 8];
/** Some kills come too late for what they are for, and one more than planned is better than one less. */
const MARGIN = 1.2;

/** What happens to the connector's process. `kills` is how often it is killed in the whole run. */
export function processes(kills: number, forMs: number): Family {
  return {
    name: 'process',
    everyMs: (forMs * STORM_SHARE) / (kills * MARGIN),
    isActive: isStorm,
    isGoneThrough: true,
    kinds: {
      'kill -9 while it ships': {
        share: SHIPPING,
        /** Milliseconds after the life has come so far that a bulk request was answered well: others are under way. */
        amount: [0, 800],
        async inflict({ keeper, proxy }, afterMs) {
          if (!(await come(() => proxy.goodMs() >= keeper.bornMs, FIRST_REQUEST_MS))) return false;
          await sleep(afterMs);
          return (await keeper.end('SIGKILL')).signal === 'SIGKILL';
        },
      },
      'kill -9 while it starts': {
        share: STARTING,
        /** Milliseconds from where the kill before has ended. */
        amount: [0, 1_000],
        async inflict({ keeper }, afterMs) {
          await sleep(afterMs);
          return (await keeper.end('SIGKILL')).signal === 'SIGKILL';
        },
      },
      SIGTERM: {
        async inflict({ keeper }) {
          // Right after its start it does not listen yet; its first log line comes later.
          if (!(await come(() => keeper.told.includes('Connected'), FIRST_REQUEST_MS))) return false;
          const { lives } = keeper;
          const { code, signal } = await keeper.end('SIGTERM');
          if (code !== 143 && keeper.lives === lives + 1)
            throw new Error(`SIGTERM ended it with ${code ?? signal}, not 143`);
          return true;
        },
      },
      'a second one on its data_dir': { inflict: (lane) => lane.subject.intrude(lane) },
    },
  };
}

const [SECOND_MS, DAY_MS, YEAR_MS] = [1000, 86_400_000, 365.25 * 86_400_000];
/** Longer, and most events would be old or ahead as the process sees them. */
const AWRY_MS = 2_500;

/** Wrong for a moment, by between so many milliseconds. */
function jump(least: number, most: number): Kind {
  return {
    amount: [least, most],
    async inflict({ clock }, byMs) {
      await clock.set(byMs);
      await sleep(AWRY_MS);
      return clock.set(0);
    },
  };
}

/** The wall clock of the process; monotonic time goes on as it does in reality. */
export const clock: Family = {
  name: 'clock',
  everyMs: 15_000,
  kinds: {
    'back by up to six hours, and true again': jump(-DAY_MS / 4, -SECOND_MS),
    'forth by up to six hours, and true again': jump(SECOND_MS, DAY_MS / 4),
    'back by days, and true again': jump(-60 * DAY_MS, -DAY_MS),
    'forth by days, and true again': jump(DAY_MS, 60 * DAY_MS),
    'back by years, and true again': jump(-10 * YEAR_MS, -YEAR_MS),
    'forth by years, and true again': jump(YEAR_MS, 10 * YEAR_MS),
  },
};
