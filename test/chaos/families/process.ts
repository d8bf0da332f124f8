import { setTimeout as sleep } from 'node:timers/promises';
import type { Family } from '../fault.js';

/** Of each sort in one deal. */
const [SHIPPING, STARTING] = [15, 5];
/** Kills come in bursts, and between them other faults have time to be lived through. */
const [CYCLE_MS, FROM_MS, TO_MS] = [30_000, 8_000, 22_000];
const ACTIVE_SHARE = (TO_MS - FROM_MS) / CYCLE_MS;
/** One more than planned is better than one less. */
const MARGIN = 1.1;
/** A life that ships nothing for so long is killed all the same: the engine may be away. */
const FIRST_REQUEST_MS = 20_000;

/** What happens to the connector's process. `kills` is how often it is killed in the whole run. */
export function processes(kills: number, forMs: number): Family {
  return {
    name: 'process',
    everyMs: (forMs * ACTIVE_SHARE) / (kills * MARGIN),
    isActive: (atMs) => atMs % CYCLE_MS >= FROM_MS && atMs % CYCLE_MS < TO_MS,
    isGoneThrough: true,
    kinds: {
      'kill -9 while it ships': {
        share: SHIPPING,
        /** Milliseconds after the first bulk request of the life. */
        amount: [0, 1_500],
        async inflict({ keeper, proxy }, afterMs) {
          const latestMs = Date.now() + FIRST_REQUEST_MS;
          while ((proxy.times.at(-1) ?? 0) < keeper.bornMs && Date.now() < latestMs) await sleep(20);
          await sleep(afterMs);
          await keeper.end('SIGKILL');
          return true;
        },
      },
      'kill -9 while it starts': {
        share: STARTING,
        /** Milliseconds from where the kill before has ended. */
        amount: [0, 1_000],
        async inflict({ keeper }, afterMs) {
          await sleep(afterMs);
          await keeper.end('SIGKILL');
          return true;
        },
      },
      SIGTERM: {
        async inflict({ keeper }) {
          const { code, signal } = await keeper.end('SIGTERM');
          // Right after its start it does not listen yet.
          if (code !== 143 && signal !== 'SIGTERM') throw new Error(`SIGTERM ended it with ${code ?? signal}, not 143`);
          return true;
        },
      },
      'a second one on its data_dir': { inflict: (lane) => lane.subject.intrude(lane) },
    },
  };
}

/** The wall clock of the process; monotonic time goes on as it does in reality. */
export const clock: Family = {
  name: 'clock',
  everyMs: 5_000,
  kinds: {
    /** Milliseconds from the true time. */
    'back by up to six hours': { amount: [-21_600_000, -1_000], inflict: async (lane, by) => lane.clock.set(by) },
    'forth by up to six hours': { amount: [1_000, 21_600_000], inflict: async (lane, by) => lane.clock.set(by) },
    'true again': { inflict: async (lane) => lane.clock.set(0) },
  },
};
