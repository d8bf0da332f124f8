import { errorKinds } from '../errors.js';
import { ask, asList, asObject, isOk } from '../target/answer.js';
import type { Check, CheckContext, CheckResult } from './check.js';

/** Whether this machine and the cluster agree about the time. */
export const clockCheck: Check = { subject: 'clock', look: checkClock };

const toleratedMs = 60_000;

/** The time of the cluster, and between which times of this machine it was told; all in milliseconds since 1970. */
interface Reading {
  readonly toldMs: number;
  readonly sentMs: number;
  readonly receivedMs: number;
}

async function checkClock(context: CheckContext): Promise<CheckResult> {
  const reading = (await read(context, health)) ?? (await read(context, dateMath));
  if (reading === undefined) {
    return { level: 'unknown', text: `the cluster does not tell its time; ${needed[context.engine]} would tell` };
  }
  return judge(reading);
}

const needed = {
  elasticsearch: 'the cluster privilege monitor',
  opensearch: 'the cluster permission cluster:monitor/health',
};

/** A question whose answer holds the cluster's time, in full seconds. */
interface Question {
  readonly target: string;
  readonly time: (answer: { readonly body: unknown; readonly headers: Readonly<Record<string, unknown>> }) => number;
}

const health: Question = {
  target: '/_cat/health?h=epoch&format=json',
  time: ({ body }) => Number(asObject(asList(body)[0]).epoch ?? NaN) * 1000,
};

/**
 * The cluster puts its time into the name before it looks whether there is such an index, and names the index when it
 * says that there is none (404) or that the user may not read it (403, Elasticsearch): so everybody may ask. A proxy's
 * Date header comes last, as engines send none.
 */
const dateMath: Question = {
  target: `/${encodeURIComponent('<logs-cloudconnexa.clock-{now/s{uuuu.MM.dd-HH.mm.ss}}>')}/_count`,
  time({ body, headers }) {
    const found = /\.clock-(\d{4})\.(\d\d)\.(\d\d)-(\d\d)\.(\d\d)\.(\d\d)\]/.exec(JSON.stringify(body ?? ''));
    if (found === null) return Date.parse(String(headers.date));
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  },
};

async function read({ client, clock }: CheckContext, question: Question): Promise<Reading | undefined> {
  const sentMs = clock.now();
  const answer = await ask(client, 'GET', question.target);
  const receivedMs = clock.now();
  const toldMs = question.time(answer);
  return Number.isNaN(toldMs) || (question === health && !isOk(answer)) ? undefined : { toldMs, sentMs, receivedMs };
}

/** The answer was made somewhere between sending and receiving, and may be up to a second older than it says. */
function judge({ toldMs, sentMs, receivedMs }: Reading): CheckResult {
  const [least, most] = [toldMs - receivedMs, toldMs + 999 - sentMs];
  const apart = least > 0 ? least : most < 0 ? -most : 0;
  if (apart <= toleratedMs) return { level: 'ok', text: 'this machine and the cluster agree about the time' };
  const text = `the clock of this machine is ${spoken(apart)} ${least > 0 ? 'behind' : 'ahead of'} the cluster's`;
  return { level: 'warning', code: 'CCX_CLOCK_SKEW', text, remedy: errorKinds.CCX_CLOCK_SKEW.remedy };
}

function spoken(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 600 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
