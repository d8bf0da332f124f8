import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { errors, type Client } from '@elastic/elasticsearch';
import { answerFilter, field, parseAnswer, refusalOf, type ItemOutcome, type Refusal } from './bulk-answer.js';
import type { ConnectorError } from './errors.js';
import { explainFailure } from './target/explain.js';
import { connectFailure } from './target/trust.js';

/** What came of one bulk request. No failure of a request is an exception. */
export type SendOutcome =
  | { readonly kind: 'answered'; readonly items: readonly ItemOutcome[] }
  /** To be sent again after a while. */
  | {
      readonly kind: 'retry';
      readonly cause: RetryCause;
      readonly detail: string;
      /** What a person can do about it, where that is known. */
      readonly remedy?: string;
      readonly status?: number;
      /** The Retry-After header as it came. */
      readonly retryAfter?: string;
      /** True when the request may have been carried out although no answer came. */
      readonly mayBeStored: boolean;
    }
  /** Refused as a whole because of its content or size: to be sent in smaller parts. */
  | { readonly kind: 'split'; readonly refusal: Refusal }
  /** Refused as a whole until a person changes something: credentials, privileges, the URL. */
  | { readonly kind: 'hold'; readonly refusal: Refusal }
  /** The caller's signal fired; the request may have been carried out. */
  | { readonly kind: 'stopped' };

export type RetryCause = 'overloaded' | 'server_error' | 'not_connected' | 'connection_lost' | 'timeout' | 'bad_answer';

export interface BulkRequest {
  /** Whole NDJSON lines, `create` actions only. */
  readonly body: Buffer;
  /** How many items the body has. */
  readonly count: number;
}

export interface SendOptions {
  readonly client: Client;
  readonly gzip: boolean;
  /** The longest a request may take from the start to the end of its answer, in milliseconds. */
  readonly deadlineMs: number;
}

export interface Sent {
  readonly outcome: SendOutcome;
  /** Bytes of the body as sent. */
  readonly wireBytes: number;
}

const compress = promisify(gzip);
const maxAnswerBytes = 256 * 1024 * 1024;

/** Sends one bulk request, once. `signal` ends it where it is. */
export async function sendBulk(request: BulkRequest, options: SendOptions, signal: AbortSignal): Promise<Sent> {
  const body = options.gzip ? await compress(request.body, { level: constants.Z_BEST_SPEED }) : request.body;
  return { outcome: await exchange(body, request.count, options, signal), wireBytes: body.length };
}

async function exchange(body: Buffer, count: number, options: SendOptions, signal: AbortSignal): Promise<SendOutcome> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort);
  // The client's own time-outs begin anew with every piece of an answer that trickles in.
  const timer = setTimeout(abort, options.deadlineMs);
  try {
    if (signal.aborted) return { kind: 'stopped' };
    return judge(await post(body, options, stop.signal), count);
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    return stop.signal.aborted ? lost('timeout', 'no whole answer in time') : judgeError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: unknown;
  /** Parsed when it is JSON, whatever its Content-Type says; else the text. */
  readonly body: unknown;
}

async function post(body: Buffer, { client, gzip }: SendOptions, signal: AbortSignal): Promise<Answer> {
  // As a stream, because the client reads a body before the status: a 413 with a broken body would be no 413 any more.
  const {
    statusCode,
    headers,
    body: stream,
    meta,
  } = await client.transport.request<Readable>(
    { method: 'POST', path: '/_bulk', querystring: { filter_path: answerFilter }, bulkBody: body },
    {
      signal,
      asStream: true,
      meta: true,
      maxRetries: 0,
      compression: false, // the body is compressed already, faster than the client would
      headers: { 'accept-encoding': 'identity', ...(gzip && { 'content-encoding': 'gzip' }) },
    },
  );
  const status = statusCode ?? 0;
  // For a streamed answer the client leaves this to the caller.
  if (meta.connection)
    client.connectionPool[status >= 502 && status <= 504 ? 'markDead' : 'markAlive'](meta.connection);
  return { status, retryAfter: headers?.['retry-after'], body: parse(await readText(stream)) };
}

async function readText(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxAnswerBytes) throw new Error('the answer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function judge(answer: Answer, count: number): SendOutcome {
  if (answer.status < 200 || answer.status > 299) return judgeStatus(answer);
  const items = parseAnswer(answer.body, count);
  return items ? { kind: 'answered', items } : lost('bad_answer', 'the answer is not one for this bulk request');
}

function judgeError(error: unknown): SendOutcome {
  // A mistake in this program must not look like a weak network for ever.
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  const unmade = connectFailure(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (unmade) return notConnected(`${unmade.reason}: ${unmade.detail}`, explainFailure(error, ''));
  if (error instanceof errors.NoLivingConnectionsError) return notConnected(detail);
  if (error instanceof errors.TimeoutError) return lost('timeout', 'no answer in time');
  return lost('connection_lost', detail);
}

function notConnected(detail: string, explained?: ConnectorError): SendOutcome {
  const remedy = explained && explained.code !== 'CCX_INTERNAL' ? { remedy: explained.remedy } : {};
  return { kind: 'retry', cause: 'not_connected', detail, mayBeStored: false, ...remedy };
}

function lost(cause: RetryCause, detail: string): SendOutcome {
  return { kind: 'retry', cause, detail, mayBeStored: true };
}

function judgeStatus({ status, body, retryAfter }: Answer): SendOutcome {
  const error = field(body, 'error') ?? body;
  const refusal = refusalOf(status, error);
  if (status === 429 || status === 408 || status === 425 || status >= 500) return overload(refusal, retryAfter);
  if (status === 413) return { kind: 'split', refusal };
  // The engine refuses a whole request for one item's sake (an id too long, say): parts find the item. A 400 from
  // something else in between, a proxy or a TLS port spoken to in plain HTTP, says nothing about the events.
  if (status === 400 && typeof field(error, 'type') === 'string') return { kind: 'split', refusal };
  return { kind: 'hold', refusal };
}

function overload({ status, type, reason }: Refusal, retryAfter: unknown): SendOutcome {
  return {
    kind: 'retry',
    cause: status >= 500 ? 'server_error' : 'overloaded',
    detail: `${type}: ${reason}`,
    status,
    ...(typeof retryAfter === 'string' && { retryAfter }),
    // A gateway answers 5xx also when the engine behind it was too slow for it.
    mayBeStored: status >= 500 || status === 408,
  };
}
