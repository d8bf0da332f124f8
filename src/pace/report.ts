import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import type { Pace } from '../pace.js';

const LEAST_MS = 60_000;
/** By what factor a change is worth a line. */
const MUCH = 1.5;

/** Tells in the log when the pace has changed much since it was told last; once a minute at most. To be called whenever it may have changed. */
export function createPaceReport(pace: Pace, { log, clock }: { log: Logger; clock: Clock }): () => void {
  let toldMs = clock.steady();
  let { inFlight, batchBytes } = pace;
  return () => {
    if (!isMuch(pace.inFlight, inFlight) && !isMuch(pace.batchBytes, batchBytes)) return;
    if (clock.steady() - toldMs < LEAST_MS) return;
    toldMs = clock.steady();
    ({ inFlight, batchBytes } = pace);
    const events = Math.round(pace.eventsPerSecond);
    log.info({ in_flight: inFlight, batch_bytes: batchBytes, events_per_s: events }, 'Sending at another pace');
  };
}

function isMuch(now: number, before: number): boolean {
  return Math.max(now / before, before / now) >= MUCH;
}
