import { createConnector } from '../connector.js';
import type { RunProgress, RunSummary } from '../run.js';
import type { CommandContext } from './context.js';
import { summaryFields } from './summary.js';

export interface RunOptions {
  /** End when the inputs are exhausted and everything is acknowledged. */
  readonly once: boolean;
}

/** How often a continuous run says how far it is. */
const SAY_EVERY_MS = 60_000;

/**
 * Ships events from the configured inputs until they end (`once`) or a signal comes.
 * @returns 0, or 3 when events were rejected
 * @throws ConnectorError with the code of what stopped it
 */
export async function runCommand({ once }: RunOptions, context: CommandContext): Promise<number> {
  const config = await context.loadConfig({ inputs: true });
  const { log, stdin, signal } = context;
  const observe = reporter((progress) => log.info(summaryFields(progress), 'Shipping'));
  const summary = await createConnector(config, { log, once, stdin, observe }).run(signal);
  log.info(summaryFields(summary), signal.aborted ? 'Stopped' : 'Done');
  if (summary.rejected > 0)
    log.warn(`Events were rejected: see cloudconnexa-ecs reject list (data_dir ${config.data_dir})`);
  return exitCodeOf(summary);
}

function exitCodeOf({ rejected }: RunSummary): number {
  return rejected > 0 ? 3 : 0;
}

/** Lets a report through now and then. */
function reporter(say: (progress: RunProgress) => void): (progress: RunProgress) => void {
  let last = Date.now();
  return (progress) => {
    if (Date.now() - last < SAY_EVERY_MS) return;
    last = Date.now();
    say(progress);
  };
}
