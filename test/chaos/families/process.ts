import { setTimeout as sleep } from 'node:timers/promises';
import { come } from '../come.js';
import type { Family, Kind } from '../fault.js';
import type { Lane } from '../lane.js';
import { FIRST_REQUEST_MS } from '../subject.js';
import type { Weather } from '../weather.js';

/** When the process may be killed. */
export type Stormy = Pick<Weather, 'isStorm' | 'stormMs'>;

/** Some faults are no kills, and some kills come too late for what they are for. */
const MARGIN = 1.5;

/** A kill so many milliseconds, by chance, after the life of now has come to somewhere. */
function kill(most: number, isThere: (lane: Lane) => boolean | Promise<boolean>): Kind {
  return {
    amount: [0, most],
    async inflict(lane, afterMs) {
      if (!(await come(() => isThere(lane), FIRST_REQUEST_MS))) return false;
      await sleep(afterMs);
      return (await lane.keeper.end('SIGKILL')).signal === 'SIGKILL';
    },
  };
}

const hasShipped = ({ keeper, proxy }: Lane): boolean => proxy.goodMs() >= keeper.bornMs;

/** Over the whole life of a process; none before it has taken its data_dir, as modules are only loaded until then. */
const kills: Family['kinds'] = {
  'kill -9 soon after it took its data_dir': {
    share: 2,
    ...kill(1_500, ({ subject, site, keeper }) => subject.hasBegun(site, keeper.bornMs)),
  },
  'kill -9 at its first bulk requests': {
    share: 2,
    ...kill(500, ({ keeper, proxy }) => (proxy.times.at(-1) ?? 0) >= keeper.bornMs),
  },
  'kill -9 while it ships': { share: 2, ...kill(3_000, hasShipped) },
  'kill -9 after a while': kill(20_000, hasShipped),
  'kill -9 while it stops': {
    share: 2,
    /** Milliseconds after SIGTERM. */
    amount: [0, 80],
    async inflict(lane, afterMs) {
      if (!(await come(() => hasShipped(lane), FIRST_REQUEST_MS))) return false;
      return (await lane.keeper.end('SIGTERM', afterMs)).signal === 'SIGKILL';
    },
  },
};

/** What happens to the connector's process. `count` is how often it is killed in the whole run. */
export function processes(count: number, { isStorm, stormMs }: Stormy): Family {
  return {
    name: 'process',
    everyMs: stormMs / (count * MARGIN),
    isActive: isStorm,
    isGoneThrough: true,
    kinds: {
      ...kills,
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
/** There may be no process just then. */
const TAKEN_WITHIN_MS = 10_000;

/** Wrong for a moment, by between so many milliseconds. */
function jump(least: number, most: number): Kind {
  return {
    amount: [least, most],
    async inflict({ clock }, byMs) {
      await clock.set(byMs);
      const met = await come(() => clock.isTaken(), TAKEN_WITHIN_MS);
      if (met) await sleep(AWRY_MS);
      await clock.set(0);
      return met;
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
