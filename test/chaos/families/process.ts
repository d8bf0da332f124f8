import type { Family } from '../fault.js';

const KILLS_IN_A_DEAL = 20;
/** Kills come in bursts, and between them other faults have time to be lived through. */
const [CYCLE_MS, FROM_MS, TO_MS] = [30_000, 8_000, 22_000];
const ACTIVE_SHARE = (TO_MS - FROM_MS) / CYCLE_MS;
/** A kill takes time, and the next waits for it. */
const DEALT_AGAINST_LATENESS = 1.1;

/** What happens to the connector's process. `kills` is how often it is killed in the whole run. */
export function processes(kills: number, forMs: number): Family {
  return {
    name: 'process',
    everyMs: (forMs * ACTIVE_SHARE) / (kills * DEALT_AGAINST_LATENESS),
    isActive: (atMs) => atMs % CYCLE_MS >= FROM_MS && atMs % CYCLE_MS < TO_MS,
    kinds: {
      'kill -9': {
        share: KILLS_IN_A_DEAL,
        async inflict({ keeper }) {
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
