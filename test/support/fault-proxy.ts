import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Agent, request as forward } from 'undici';

/** What the proxy does to one bulk request. Each step of a script serves one request, in order; after them all pass. */
export type ProxyFault =
  | { readonly kind: 'pass' }
  /** The proxy answers by itself; the engine sees nothing. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Every `every`-th item is answered with `status` and kept from the engine, which sees the others. */
  | { readonly kind: 'items'; readonly status: number; readonly every: number }
  /** The connection is reset before the engine sees the request. */
  | { readonly kind: 'cut' }
  /** The engine stores everything; then, `meanwhile` being over, the connection is reset instead of an answer. */
  | { readonly kind: 'lost'; readonly meanwhile?: () => unknown }
  /** The engine stores everything; the answer ends in its middle. */
  | { readonly kind: 'truncated' };

export interface FaultProxyOptions {
  /** URL of the engine. */
  readonly target: string;
  readonly script?: readonly ProxyFault[];
  /** Larger bodies, uncompressed, get 413. */
  readonly maxBytes?: number;
  /** Called with the number of each bulk request, 1 for the first, before anything is done with it. */
  readonly onBulk?: (number: number) => unknown;
}

export interface FaultProxy {
  readonly url: string;
  /** Bulk requests seen. */
  readonly seen: () => number;
  /** Times of the bulk requests, in milliseconds since 1970. */
  readonly times: readonly number[];
  close(): Promise<void>;
}

interface Passed {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Starts a proxy on 127.0.0.1 that passes everything on but bulk requests as the script says. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const agent = new Agent();
  const script = [...(options.script ?? [])];
  const times: number[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<void> => {
    if (request.url?.startsWith('/_bulk') !== true) return give(response, await pass(agent, options, request, raw));
    times.push(Date.now());
    await options.onBulk?.(times.length);
    const size = plainBody(request, raw).length;
    if (options.maxBytes !== undefined && size > options.maxBytes) return give(response, refusal(413));
    const fault = script.shift() ?? { kind: 'pass' };
    await serve(fault, { request, response, raw, passOn: (body) => pass(agent, options, request, body) });
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    // The engine is down, or the client has gone: a proxy has no words for that.
    request.on('end', () => void handle(request, response, Buffer.concat(parts)).catch(() => response.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => times.length,
    times,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await agent.close();
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly raw: Buffer;
  readonly passOn: (body: Buffer) => Promise<Passed>;
}

async function serve(fault: ProxyFault, { request, response, raw, passOn }: Exchange): Promise<void> {
  switch (fault.kind) {
    case 'pass':
      return give(response, await passOn(raw));
    case 'status':
      return give(response, refusal(fault.status, fault.headers));
    case 'items':
      return give(response, await refuseItems(plainBody(request, raw), fault, passOn));
    case 'cut':
      return void request.socket.destroy();
    case 'lost':
      await passOn(raw);
      await fault.meanwhile?.();
      return void request.socket.destroy();
    case 'truncated':
      return giveHalf(response, await passOn(raw));
  }
}

async function refuseItems(
  body: Buffer,
  { every, status }: Extract<ProxyFault, { kind: 'items' }>,
  passOn: (body: Buffer) => Promise<Passed>,
): Promise<Passed> {
  const lines = body.toString('utf8').split('\n').slice(0, -1);
  const items = Array.from({ length: lines.length / 2 }, (_, i) => `${lines[2 * i]}\n${lines[2 * i + 1]}\n`);
  const isRefused = (i: number): boolean => i % every === 0;
  const rest = items.filter((_, i) => !isRefused(i));
  const passed = rest.length === 0 ? undefined : await passOn(Buffer.from(rest.join('')));
  const answered = passed ? (JSON.parse(passed.body) as { items: unknown[] }).items : [];
  const error = { type: `injected_${status}`, reason: 'by the proxy' };
  const merged = items.map((_, i) => (isRefused(i) ? { create: { status, error } } : answered.shift()));
  const headers = passed?.headers ?? { 'content-type': 'application/json' };
  return { status: 200, headers, body: JSON.stringify({ errors: true, items: merged }) };
}

function plainBody(request: IncomingMessage, raw: Buffer): Buffer {
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
}

const passedOn = ['content-type', 'content-encoding', 'authorization', 'accept'];

/** A body that the proxy has changed comes unpacked. */
async function pass(
  agent: Agent,
  { target }: FaultProxyOptions,
  request: IncomingMessage,
  body: Buffer,
): Promise<Passed> {
  const isPacked = body[0] === 0x1f && body[1] === 0x8b;
  const names = passedOn.filter((name) => name in request.headers && (isPacked || name !== 'content-encoding'));
  const answer = await forward(target + (request.url ?? '/'), {
    dispatcher: agent,
    method: (request.method ?? 'GET') as 'GET',
    headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    body: body.length === 0 ? null : body,
  });
  const kept = ['content-type', 'x-elastic-product', 'warning'].filter((name) => name in answer.headers);
  const headers = Object.fromEntries(kept.map((name) => [name, String(answer.headers[name])]));
  return { status: answer.statusCode, headers, body: await answer.body.text() };
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Passed {
  const body = JSON.stringify({ error: { type: `injected_${status}`, reason: 'by the proxy' }, status });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function give(response: ServerResponse, { status, headers, body }: Passed): void {
  response.writeHead(status, headers).end(body);
}

function giveHalf(response: ServerResponse, { status, headers, body }: Passed): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length >> 1), () => response.destroy());
}
