import type { Client } from '@elastic/elasticsearch';
import { sleep, type Clock } from './clock.js';
import { streamsCheck } from './check/streams.js';
import { templateCheck } from './check/template.js';
import { ConnectorError, type ErrorCode } from './errors.js';
import type { Logger } from './log.js';
import type { Target } from './target/capability.js';
import { detectCapabilities, type DetectOptions } from './target/detect.js';
import { explainFailure } from './target/explain.js';

export interface ReadyOptions extends DetectOptions {
  readonly client: Client;
  /** Named in log lines. */
  readonly place: string;
  /** The setting `output.namespace`. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What passes, or what somebody can mend while the connector waits. */
const passing: ReadonlySet<ErrorCode> = new Set(['CCX_OUTPUT_UNREACHABLE', 'CCX_OUTPUT_DENIED', 'CCX_PROXY']);

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/**
 * Waits until the cluster answers, and looks whether its index template is there: without it the first event would make an
 * index with guessed types. Says what else is wrong with templates and data streams, as `test output` does. A cluster that is down or refuses the credentials is asked again without end, as for sending.
 *
 * @returns what the cluster can do; undefined when `signal` fired first.
 * @throws ConnectorError CCX_SETUP_MISSING, CCX_OUTPUT_UNSUPPORTED
 */
export async function untilReady(options: ReadyOptions, signal: AbortSignal): Promise<Target | undefined> {
  const { clock, log, place } = options;
  const stopped = aborted(signal);
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      // A cluster may take a connection and never answer: a stop must not wait for that.
      return await Promise.race([look(options), stopped]);
    } catch (error) {
      const failure = explainFailure(error, place);
      if (!passing.has(failure.code)) throw failure;
      log.error({ code: failure.code, place: failure.place, fix: failure.remedy, wait_ms: wait }, failure.message);
    }
    await sleep(clock, wait, signal);
  }
  return undefined;
}

async function look(options: ReadyOptions): Promise<Target> {
  const target = await detectCapabilities(options.client, options);
  for (const { look: check } of [templateCheck, streamsCheck]) {
    const result = await check({ ...options, engine: target.engine });
    if (!('code' in result)) continue;
    const { level, code, text, remedy } = result;
    if (level === 'missing') throw new ConnectorError(code, text, { place: options.place, remedy });
    options.log[level === 'failed' ? 'error' : 'warn']({ code, fix: remedy }, text);
  }
  return target;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
