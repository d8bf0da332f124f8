import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/** What the proxy does to one request. */
export type ProxyFault =
  | { readonly kind: 'pass' }
  /** The proxy answers by itself; the engine sees nothing. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Every `every`-th item is answered with `status` and kept from the engine, which sees the others. With `stored` it sees all. */
  | { readonly kind: 'items'; readonly status: number; readonly every: number; readonly stored?: boolean }
  /**
   * Items one after the other: passed on, 429, passed on, 503, passed on, stored and answered 503, stored and answered 409, and
   * again. What the engine has not stored is never answered 409.
   */
  | { readonly kind: 'mix' }
  /** The connection is reset before the request is read. */
  | { readonly kind: 'reset' }
  /** The connection is reset in the middle of the request's body. */
  | { readonly kind: 'reset_body' }
  /** The connection is closed before the engine sees the request. */
  | { readonly kind: 'cut' }
  /** The engine stores everything; then, `meanwhile` being over, the connection is closed instead of an answer. */
  | { readonly kind: 'lost'; readonly meanwhile?: () => unknown }
  /** The answer ends in its middle, after the engine has stored everything. */
  | { readonly kind: 'truncated' }
  /** No answer ever, on an open connection; with `head` the answer's head comes. The engine stores everything. */
  | { readonly kind: 'silent'; readonly head: boolean }
  /** No answer ever, and the engine sees nothing. */
  | { readonly kind: 'mute' }
  /** The answer takes so long, and comes in small pieces. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** The engine stores everything, and something else is answered: HTTP 200 with this body. */
  | { readonly kind: 'garbage'; readonly body: string; readonly type: string }
  /** The engine gets the request twice, as gateways do that try again; the second answer is given. */
  | { readonly kind: 'doubled' };

export interface Passed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** A request that has come, and the way to the engine. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly raw: Buffer;
  /** Gives the answer to the last of `times`, 1 when left out. */
  readonly passOn: (body: Buffer, times?: number) => Promise<Passed>;
}

/** Faults that come before the request is read. */
export function isEarly({ kind }: ProxyFault): boolean {
  return kind === 'reset' || kind === 'reset_body';
}

/** Does to a request whose body is not read yet what an early fault says. */
export function serveEarly(fault: ProxyFault, request: IncomingMessage): void {
  if (fault.kind === 'reset') request.socket.resetAndDestroy();
  else request.once('data', () => request.socket.resetAndDestroy());
}

/** Does to a request what the fault says. Rejects when the engine cannot be reached. */
export async function serve(fault: ProxyFault, exchange: Exchange): Promise<void> {
  const { request, response, raw, passOn } = exchange;
  switch (fault.kind) {
    case 'pass':
      return give(response, await passOn(raw));
    case 'status':
      return give(response, refusal(fault.status, fault.headers, fault.body));
    case 'items': {
      const { status, every, stored = false } = fault;
      return give(response, await changeItems(exchange, (i) => (i % every === 0 ? { status, stored } : undefined)));
    }
    case 'mix':
      return give(response, await changeItems(exchange, (i) => MIX[i % MIX.length]));
    case 'reset':
    case 'reset_body':
    case 'cut':
      return void request.socket.destroy();
    case 'lost':
      await passOn(raw);
      await fault.meanwhile?.();
      return void request.socket.destroy();
    case 'truncated':
      return giveHalf(response, await passOn(raw));
    case 'silent':
      return giveHead(response, await passOn(raw), fault.head);
    case 'mute':
      return new Promise((resolve) => response.once('close', () => resolve()));
    case 'drip':
      return drip(response, await passOn(raw), fault.ms);
    case 'garbage':
      await passOn(raw);
      return give(response, {
        status: 200,
        headers: { 'content-type': fault.type },
        body: Buffer.from(fault.body),
      });
    case 'doubled':
      return give(response, await passOn(raw, 2));
  }
}

interface ItemFault {
  readonly status: number;
  /** The engine stores it all the same. */
  readonly stored: boolean;
}

const MIX: readonly (ItemFault | undefined)[] = [
  undefined,
  { status: 429, stored: false },
  undefined,
  { status: 503, stored: false },
  undefined,
  { status: 503, stored: true },
  { status: 409, stored: true },
];

async function changeItems(
  { request, raw, passOn }: Exchange,
  faultOf: (item: number) => ItemFault | undefined,
): Promise<Passed> {
  const lines = plainBody(request, raw).toString('utf8').split('\n').slice(0, -1);
  const items = Array.from({ length: lines.length / 2 }, (_, i) => `${lines[2 * i]}\n${lines[2 * i + 1]}\n`);
  const sent = items.filter((_, i) => faultOf(i)?.stored ?? true);
  const passed = sent.length === 0 ? undefined : await passOn(Buffer.from(sent.join('')));
  if (passed !== undefined && passed.status !== 200) return passed;
  const answered = passed ? (JSON.parse(passed.body.toString()) as { items: unknown[] }).items : [];
  const merged = items.map((_, i) => {
    const fault = faultOf(i);
    const real = (fault?.stored ?? true) ? answered.shift() : undefined;
    if (fault === undefined || (fault.status === 409 && !isStored(real))) return real;
    const error = { type: `injected_${fault.status}`, reason: 'by the proxy' };
    return { create: { status: fault.status, error } };
  });
  const headers = passed?.headers ?? { 'content-type': 'application/json' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify({ errors: true, items: merged })) };
}

/** An item of the engine's answer says that the document is there. */
function isStored(item: unknown): boolean {
  const { status } = (item as { create?: { status?: number } } | undefined)?.create ?? {};
  return status === 201 || status === 409;
}

export function plainBody(request: IncomingMessage, raw: Buffer): Buffer {
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
}

export function refusal(status: number, headers: Readonly<Record<string, string>> = {}, text?: string): Passed {
  const body = text ?? JSON.stringify({ error: { type: `injected_${status}`, reason: 'by the proxy' }, status });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(body) };
}

export function give(response: ServerResponse, { status, headers, body }: Passed): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': body.length }).end(body);
}

function giveHalf(response: ServerResponse, { status, headers, body }: Passed): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

/** The client's patience, or its end, ends it. */
function giveHead(response: ServerResponse, { status, headers, body }: Passed, head: boolean): Promise<void> {
  if (head) response.writeHead(status, { ...headers, 'content-length': body.length }).flushHeaders();
  return new Promise((resolve) => response.once('close', () => resolve()));
}

const DRIPS = 20;

async function drip(response: ServerResponse, { status, headers, body }: Passed, ms: number): Promise<void> {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  const size = Math.ceil(body.length / DRIPS);
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    await sleep(ms / DRIPS);
  }
  response.end();
}
