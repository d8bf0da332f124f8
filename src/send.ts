import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { allStored, answerFilter, field, parseAnswer, type ItemOutcome, type Refusal } from './bulk-answer.js';
import { exchange, lost, refusalIn, type Answer, type ExchangeOptions, type Retry, type Stopped } from './exchange.js';

/** What came of one bulk request. No failure of a request is an exception. */
export type SendOutcome =
  | { readonly kind: 'answered'; readonly items: readonly ItemOutcome[] }
  | Retry
  /** Refused as a whole because of its content or size: to be sent in smaller parts. */
  | { readonly kind: 'split'; readonly refusal: Refusal }
  /** Refused as a whole until a person changes something: credentials, privileges, the URL. */
  | { readonly kind: 'hold'; readonly refusal: Refusal }
  | Stopped;

export interface BulkRequest {
  /** Whole NDJSON lines, `create` actions only. */
  readonly body: Buffer;
  /** How many items the body has. */
  readonly count: number;
}

export interface SendOptions extends ExchangeOptions {
  readonly gzip: boolean;
}

export interface Sent {
  readonly outcome: SendOutcome;
  /** Bytes of the body as sent. */
  readonly wireBytes: number;
}

const deflate = promisify(gzip);

/**
 * The fastest level: the next ones cost 5 to 15 % more CPU for 6 to 12 % fewer bytes, those from 4 on twice as much (bench/gzip.ts). In the
 * threads of node:zlib, so that mapping goes on meanwhile, and with room for all of it: the default's pieces of 16 KiB are a way between threads each.
 */
function compress(body: Buffer): Promise<Buffer> {
  return deflate(body, {
    level: constants.Z_BEST_SPEED,
    memLevel: 9,
    chunkSize: Math.max(LEAST_ROOM, Math.ceil(body.length / USUAL_RATIO)),
  });
}

const LEAST_ROOM = 16 * 1024;
/** Less than what bulk bodies of these events compress by: 7 to 8 times. */
const USUAL_RATIO = 6;

/** Sends one bulk request, once. `signal` ends it where it is. */
export async function sendBulk(request: BulkRequest, options: SendOptions, signal: AbortSignal): Promise<Sent> {
  const body = options.gzip ? await compress(request.body) : request.body;
  const exchanged = await exchange(
    {
      ...{ method: 'POST', path: '/_bulk', querystring: { filter_path: answerFilter }, bulkBody: body },
      expected: allStored(request.count),
      ...(options.gzip && { headers: { 'content-encoding': 'gzip' } }),
    },
    options,
    signal,
  );
  const outcome = exchanged.kind === 'answer' ? judge(exchanged, request.count) : exchanged;
  return { outcome, wireBytes: body.length };
}

function judge(answer: Answer, count: number): SendOutcome {
  if (answer.status < 200 || answer.status > 299) return judgeStatus(answer);
  const items = parseAnswer(answer.body, count);
  return items ? { kind: 'answered', items } : lost('bad_answer', 'the answer is not one for this bulk request');
}

function judgeStatus({ status, body }: Answer): SendOutcome {
  const refusal = refusalIn(status, body);
  if (status === 413) return { kind: 'split', refusal };
  // The engine refuses a whole request for one item's sake (an id too long, say): parts find the item. A 400 from
  // something else in between, a proxy or a TLS port spoken to in plain HTTP, says nothing about the events.
  const error = field(body, 'error') ?? body;
  if (status === 400 && typeof field(error, 'type') === 'string') return { kind: 'split', refusal };
  return { kind: 'hold', refusal };
}
