import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What the server does to one bulk request instead of answering it well. Each step serves one request, in order. */
export type Fault =
  | { readonly kind: 'none' }
  /** The whole request is refused; nothing is stored. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  /** Item `i` gets `statuses[i % length]`; those with 201 are stored as usual. */
  | { readonly kind: 'items'; readonly statuses: readonly number[] }
  /** The connection is cut before anything is stored, or after. */
  | { readonly kind: 'reset'; readonly stored: boolean }
  /** Everything is stored, and then the answer is broken in some way. */
  | { readonly kind: 'answer'; readonly as: 'garbage' | 'html' | 'truncated' | 'cut' | 'fewer' | 'strange' | 'never' };

export interface SeenRequest {
  readonly ids: readonly string[];
  readonly bytes: number;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
}

/** A real HTTP server with as much of `_bulk` as the connector uses, misbehaving by script. */
export interface BulkServer {
  readonly url: string;
  /** The documents by id, and how often each was stored: never more than once. */
  readonly stored: Map<string, string>;
  /** Ids of items that were answered 400 or another final refusal. */
  readonly refused: Set<string>;
  /** Answers 201 given, seen by the client or not. */
  readonly created: () => number;
  readonly requests: SeenRequest[];
  close(): Promise<void>;
}

export interface BulkServerOptions {
  readonly script?: readonly Fault[];
  /** Larger bodies get 413. */
  readonly maxBytes?: number;
  /** Called with each bulk request before it is answered. */
  readonly onRequest?: (number: number) => void;
  /** Answers whatever is no bulk request; without it there are no data streams. `cut` resets the connection. */
  readonly ask?: (question: Question) => Reply | 'cut' | Promise<Reply | 'cut'>;
}

/** A request that is no bulk request. */
export interface Question {
  /** Method and path, such as `GET /_resolve/index/logs-x-y`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const noStreams: Reply = { status: 200, body: { indices: [], aliases: [], data_streams: [] } };

interface Item {
  readonly id: string;
  readonly source: string;
}

const final = (status: number): boolean => status >= 400 && status < 500 && ![401, 403, 409, 429].includes(status);

export async function startBulkServer(options: BulkServerOptions = {}): Promise<BulkServer> {
  const stored = new Map<string, string>();
  const refused = new Set<string>();
  const requests: SeenRequest[] = [];
  const script = [...(options.script ?? [])];
  let created = 0;

  const create = ({ id, source }: Item): number => {
    if (stored.has(id)) return 409;
    stored.set(id, source);
    created += 1;
    return 201;
  };
  const answerItem = (item: Item, wanted: number): unknown => {
    const status = wanted === 201 ? create(item) : wanted;
    if (final(status)) refused.add(item.id);
    if (status === 201) return { create: { _id: item.id, status } };
    return { create: { _id: item.id, status, error: { type: `type_${status}`, reason: `reason ${status}` } } };
  };

  const handle = (request: IncomingMessage, response: ServerResponse, raw: Buffer): void => {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    if (request.url?.startsWith('/_bulk') !== true) {
      const asked = Promise.resolve(options.ask?.(questionOf(request, body.toString('utf8'))) ?? noStreams);
      return void asked.then((reply) =>
        reply === 'cut' ? request.socket.destroy() : send(response, reply.status, reply.body),
      );
    }
    const items = parseItems(body.toString('utf8'));
    requests.push({
      ids: items.map(({ id }) => id),
      bytes: body.length,
      headers: request.headers,
      url: request.url ?? '',
    });
    options.onRequest?.(requests.length);
    if (options.maxBytes !== undefined && body.length > options.maxBytes) return send(response, 413, 'too large');
    const fault = script.shift() ?? { kind: 'none' };
    if (fault.kind === 'status')
      return send(response, fault.status, fault.body ?? wholeError(fault.status), fault.headers);
    if (fault.kind === 'reset' && !fault.stored) return void request.socket.destroy();
    const statuses = fault.kind === 'items' ? fault.statuses : [201];
    const answers = items.map((item, i) => answerItem(item, statuses[i % statuses.length] ?? 201));
    if (fault.kind === 'reset') request.socket.destroy();
    else if (fault.kind === 'answer') spoil(response, answers, fault.as);
    else send(response, 200, { errors: false, items: answers });
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handle(request, response, Buffer.concat(parts)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stored,
    refused,
    created: () => created,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function questionOf({ method, url }: IncomingMessage, body: string): Question {
  const { pathname, searchParams } = new URL(url ?? '', 'http://127.0.0.1');
  return { path: `${method} ${pathname}`, query: searchParams, body: body === '' ? undefined : JSON.parse(body) };
}

function parseItems(text: string): Item[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the body does not end with a line break');
  const items: Item[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    const action = JSON.parse(lines[i] ?? '') as { create: { _id: string } };
    const source = lines[i + 1] ?? '';
    JSON.parse(source);
    items.push({ id: action.create._id, source });
  }
  return items;
}

const wholeError = (status: number): unknown => ({
  error: { type: `type_${status}`, reason: `whole ${status}` },
  status,
});

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    ...headers,
  });
  response.end(text);
}

function spoil(
  response: ServerResponse,
  items: readonly unknown[],
  how: Extract<Fault, { kind: 'answer' }>['as'],
): void {
  const whole = JSON.stringify({ errors: false, items });
  const json = { 'content-type': 'application/json' };
  switch (how) {
    case 'garbage':
      return void response.writeHead(200, json).end('{"errors":true');
    case 'html':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    case 'fewer':
      return send(response, 200, { errors: false, items: items.slice(1) });
    case 'strange':
      return send(response, 200, { errors: false, items: items.map(() => ({ index: { status: 'fine' } })) });
    case 'truncated':
      return void response.writeHead(200, { ...json, connection: 'close' }).end(whole.slice(0, whole.length >> 1));
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': String(whole.length) });
      response.write(whole.slice(0, whole.length >> 1), () => response.destroy());
      return;
    case 'never':
      response.writeHead(200, json).write('{');
  }
}
