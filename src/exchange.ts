import type { Readable } from 'node:stream';
import { errors, type Client } from '@elastic/elasticsearch';
import { field, refusalOf, type Refusal } from './bulk-answer.js';
import type { ConnectorError } from './errors.js';
import { retryAfterMs } from './retry.js';
import { explainFailure } from './target/explain.js';
import { explainRefusal } from './target/refusal.js';
import { connectFailure } from './target/trust.js';

/** What came of one request. No failure is an exception. */
export type Exchanged = Answer | Retry | Stopped;

/** A whole answer that says something about the request: neither 408, 425, 429 nor 5xx. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Parsed when it is JSON, whatever its Content-Type says, and not what was expected; else the text. */
  readonly body: unknown;
}

/** To be sent again after a while. */
export interface Retry {
  readonly kind: 'retry';
  readonly cause: RetryCause;
  readonly detail: string;
  /** What a person can do about it, where that is known. */
  readonly remedy?: string;
  readonly status?: number;
  /** What the answer's Retry-After asks for, in milliseconds. */
  readonly retryAfterMs?: number;
  /** True when the request may have been carried out although no answer came. */
  readonly mayBeStored: boolean;
}

/** The caller's signal fired; the request may have been carried out. */
export interface Stopped {
  readonly kind: 'stopped';
}

export type RetryCause = 'overloaded' | 'server_error' | 'not_connected' | 'connection_lost' | 'timeout' | 'bad_answer';

export interface ExchangeOptions {
  readonly client: Client;
  /** The longest a request may take from the start to the end of its answer, in milliseconds. */
  readonly deadlineMs: number;
}

type Params = Parameters<Client['transport']['request']>[0];

export interface ExchangeRequest extends Params {
  /** An answer of this very text is not parsed: its body is the text. */
  readonly expected?: string;
  /** Set when `bulkBody` is compressed already: faster than the client would. */
  readonly headers?: Readonly<Record<string, string>>;
}

const maxAnswerBytes = 256 * 1024 * 1024;

/** Sends one request, once. `signal` ends it where it is. */
export async function exchange(
  request: ExchangeRequest,
  { client, deadlineMs }: ExchangeOptions,
  signal: AbortSignal,
): Promise<Exchanged> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort);
  // The client's own time-outs begin anew with every piece of an answer that trickles in.
  const timer = setTimeout(abort, deadlineMs);
  try {
    if (signal.aborted) return { kind: 'stopped' };
    return await attempt(client, request, stop.signal);
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    return stop.signal.aborted ? lost('timeout', 'no whole answer in time') : judgeError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function attempt(
  client: Client,
  { headers = {}, expected, ...params }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Exchanged> {
  // As a stream, because the client reads a body before the status: a 413 with a broken body would be no 413 any more.
  const answer = await client.transport.request<Readable>(params, {
    signal,
    asStream: true,
    meta: true,
    maxRetries: 0,
    ...('content-encoding' in headers && { compression: false }),
    headers: { 'accept-encoding': 'identity', ...headers },
  });
  const status = answer.statusCode ?? 0;
  const { connection } = answer.meta;
  // For a streamed answer the client leaves this to the caller.
  const mark = (how: 'markDead' | 'markAlive'): void => void (connection && client.connectionPool[how](connection));
  const text = await readText(answer.body).catch((error: unknown) => {
    mark('markDead');
    throw error;
  });
  mark(status >= 502 && status <= 504 ? 'markDead' : 'markAlive');
  const body = text === expected ? text : parse(text);
  const isBusy = status === 429 || status === 408 || status === 425 || status >= 500;
  if (isBusy) return busy(refusalIn(status, body), answer.headers ?? {});
  return { kind: 'answer', status, body };
}

/** The engine's, or a proxy's, words for not doing what was asked. */
export function refusalIn(status: number, body: unknown): Refusal {
  return refusalOf(status, field(body, 'error') ?? body);
}

/** An answer that never came, or says nothing: the request may have been carried out. */
export function lost(cause: RetryCause, detail: string): Retry {
  return { kind: 'retry', cause, detail, mayBeStored: true };
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

function judgeError(error: unknown): Retry {
  // A mistake in this program must not look like a weak network for ever.
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  const unmade = connectFailure(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (unmade) return notConnected(`${unmade.reason}: ${unmade.detail}`, explainFailure(error, ''));
  if (error instanceof errors.NoLivingConnectionsError) return notConnected(detail);
  if (error instanceof errors.TimeoutError) return lost('timeout', 'no answer in time');
  return lost('connection_lost', detail);
}

function notConnected(detail: string, explained?: ConnectorError): Retry {
  const remedy = explained && explained.code !== 'CCX_INTERNAL' ? { remedy: explained.remedy } : {};
  return { kind: 'retry', cause: 'not_connected', detail, mayBeStored: false, ...remedy };
}

function busy(refusal: Refusal, headers: Readonly<Record<string, unknown>>): Retry {
  const asked = retryAfterMs(headers['retry-after'], headers['date']);
  const { status, type, reason } = refusal;
  const explained = explainRefusal(refusal);
  return {
    kind: 'retry',
    cause: status >= 500 ? 'server_error' : 'overloaded',
    detail: explained?.message ?? `${type}: ${reason}`,
    ...(explained?.remedy !== undefined && { remedy: explained.remedy }),
    status,
    ...(asked !== undefined && { retryAfterMs: asked }),
    // A gateway answers 5xx also when the engine behind it was too slow for it.
    mayBeStored: status >= 500 || status === 408,
  };
}
