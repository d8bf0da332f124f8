import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { asObject } from '../../src/target/answer.js';
import { detectionReply, type StoredRule } from './detection-server.js';
import { exportReply, importReply, type StoredObject } from './dashboards-server-objects.js';

export type Product = 'Kibana' | 'OpenSearch Dashboards';

export interface DashboardsServerOptions {
  readonly product: Product;
  /** `/kibana`: anything else is answered by the proxy before it, in HTML. */
  readonly basePath?: string;
  /** Of Kibana, by id, beside `default`. */
  readonly spaces?: readonly string[];
  /** Of OpenSearch Dashboards; without the security plugin there are none. */
  readonly tenants?: readonly string[];
  /** The one Authorization header that is taken; any when left out. */
  readonly authorization?: string;
  /** Requests that are answered with 403: those whose `METHOD /path` matches. */
  readonly denies?: RegExp;
  /** Requests that are answered with the text of a server that starts, and 503. */
  readonly starting?: RegExp;
  /** Answers to `METHOD /path` that replace its own. */
  readonly instead?: (line: string) => Reply | undefined;
  /** Saved objects of other types are unsupported. */
  readonly types?: readonly string[];
  /** By type, the newest version of a saved object that it knows; a newer one fails the whole import. */
  readonly newest?: Readonly<Record<string, string>>;
  /** `type:id` of objects that an import takes and does not keep. */
  readonly loses?: ReadonlySet<string>;
  /** How long each answer takes, in milliseconds. */
  readonly delayMs?: number;
  /** Whether there is a detection engine; by default Kibana has one. */
  readonly detection?: boolean;
}

export interface DashboardsServer {
  /** With the base path. */
  readonly url: string;
  /** `METHOD /path?query` of every request, without the base path. */
  readonly requests: readonly string[];
  /** Of those, what may have changed something. */
  readonly changes: readonly string[];
  /** Headers of the last request. */
  readonly headers: () => Readonly<Record<string, unknown>>;
  /** Saved objects by `type:id`, of the default space and tenant, or of another as `soc|type:id`. */
  readonly objects: Map<string, StoredObject>;
  readonly rules: Map<string, StoredRule>;
  close(): Promise<void>;
}

/** Status, body (text goes out as it is) and headers. */
export type Reply = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

export interface State {
  readonly options: DashboardsServerOptions;
  readonly objects: Map<string, StoredObject>;
  readonly rules: Map<string, StoredRule>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON, or the lines of the file of a form. */
  readonly body: unknown;
  /** Before the keys of objects: empty for the default space and tenant. */
  readonly corner: string;
}

/**
 * Behaves as Kibana 8.19 and OpenSearch Dashboards 3 do where setup speaks to them, error answers included. Sources: their code for
 * saved objects (export, import, validation of references, conflicts), xsrf, spaces, tenants and detection rules.
 */
export async function startDashboardsServer(options: DashboardsServerOptions): Promise<DashboardsServer> {
  const requests: string[] = [];
  const state: State = { options, objects: new Map(), rules: new Map() };
  let headers: Readonly<Record<string, unknown>> = {};
  const server = createServer((request, response) => {
    headers = request.headers;
    void answer(request, response, state, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${options.basePath ?? ''}`,
    requests,
    get changes() {
      return requests.filter((line) => !line.startsWith('GET') && !line.includes('/_export'));
    },
    headers: () => headers,
    objects: state.objects,
    rules: state.rules,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  requests: string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { basePath = '', delayMs = 0 } = state.options;
  const url = request.url ?? '';
  const line = `${request.method} ${url.slice(basePath.length)}`;
  requests.push(line);
  if (delayMs > 0) await pause(delayMs);
  const [status, body, extra] = url.startsWith(`${basePath}/`)
    ? await reply(line, request, Buffer.concat(chunks), state)
    : proxyPage(404);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const name = state.options.product === 'Kibana' ? 'kbn-name' : 'osd-name';
  response.writeHead(status, extra ?? { 'content-type': 'application/json; charset=utf-8', [name]: 'test' }).end(text);
}

/** What a proxy or a login page says. */
export function proxyPage(status: number): Reply {
  return [status, '<html><body>Sign in</body></html>', { 'content-type': 'text/html' }];
}

async function reply(line: string, request: IncomingMessage, bytes: Buffer, state: State): Promise<Reply> {
  const { options } = state;
  const replaced = options.instead?.(line);
  if (replaced !== undefined) return replaced;
  if (options.starting?.test(line)) {
    return [503, `${options.product} server is not ready yet`, { 'content-type': 'text/plain' }];
  }
  const fault = headerFault(request, line, options);
  if (fault !== undefined) return fault;
  const [target = '', query = ''] = line.slice(line.indexOf(' ') + 1).split('?');
  const space = /^\/s\/([^/]+)(\/.*)$/.exec(target);
  const call: Call = {
    method: request.method ?? '',
    path: space?.[2] ?? target,
    query: new URLSearchParams(query),
    body: await bodyOf(request, bytes),
    corner: cornerOf(space?.[1], request, options),
  };
  return route(call, state);
}

function headerFault(request: IncomingMessage, line: string, options: DashboardsServerOptions): Reply | undefined {
  const { authorization, denies, product } = options;
  if (authorization !== undefined && request.headers.authorization !== authorization) {
    return error(401, 'Unauthorized', '[security_exception]: unable to authenticate');
  }
  const xsrf = product === 'Kibana' ? 'kbn-xsrf' : 'osd-xsrf';
  if (request.method !== 'GET' && !(xsrf in request.headers)) {
    return error(400, 'Bad Request', `Request must contain a ${xsrf} header.`);
  }
  return denies?.test(line) ? error(403, 'Forbidden', 'Unable to bulk_get dashboard') : undefined;
}

export function error(status: number, name: string, message: string, more: object = {}): Reply {
  return [status, { statusCode: status, error: name, message, ...more }];
}

/** Kibana stores also in a space that does not exist; an unknown tenant is taken for the global one. */
function cornerOf(
  space: string | undefined,
  request: IncomingMessage,
  { product, tenants }: DashboardsServerOptions,
): string {
  if (product === 'Kibana') return space === undefined || space === 'default' ? '' : `${space}|`;
  const tenant = request.headers.securitytenant;
  return typeof tenant === 'string' && tenants?.includes(tenant) ? `${tenant}|` : '';
}

async function bodyOf(request: IncomingMessage, bytes: Buffer): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    return bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as unknown);
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const file = form.get('file');
  if (!(file instanceof File)) return 'no file';
  if (!file.name.endsWith('.ndjson')) return `Invalid file extension of ${file.name}`;
  const lines = (await file.text()).split('\n').filter((text) => text.trim() !== '');
  return lines.map((text) => JSON.parse(text) as unknown);
}

function route(call: Call, state: State): Reply {
  const { method, path } = call;
  const { product, detection = product === 'Kibana' } = state.options;
  if (path === '/api/status') return [200, statusOf(product)];
  if (path === '/api/saved_objects/_export' && method === 'POST') return exportReply(call, state);
  if (path === '/api/saved_objects/_import' && method === 'POST') return importReply(call, state);
  if (path.startsWith('/api/saved_objects/') && method === 'DELETE') return deleteReply(call, state);
  if (path.startsWith('/api/spaces/space/') && product === 'Kibana') return spaceReply(path, state.options);
  if (path === '/api/v1/configuration/account') return accountReply(state.options);
  if (path.startsWith('/api/detection_engine/rules') && detection) return detectionReply(call, state);
  return error(404, 'Not Found', 'Not Found');
}

function statusOf(product: Product): object {
  const level = product === 'Kibana' ? { level: 'available' } : { state: 'green' };
  return { name: 'test', version: { number: product === 'Kibana' ? '8.19.4' : '3.8.0' }, status: { overall: level } };
}

function deleteReply({ path, corner }: Call, { objects }: State): Reply {
  const [type = '', id = ''] = path.slice('/api/saved_objects/'.length).split('/').map(decodeURIComponent);
  if (objects.delete(`${corner}${type}:${id}`)) return [200, {}];
  return error(404, 'Not Found', `Saved object [${type}/${id}] not found`);
}

function spaceReply(path: string, { spaces = [] }: DashboardsServerOptions): Reply {
  const id = decodeURIComponent(path.slice('/api/spaces/space/'.length));
  if (id === 'default' || spaces.includes(id)) return [200, { id, name: id, disabledFeatures: [] }];
  return error(404, 'Not Found', 'Not Found');
}

function accountReply({ product, tenants }: DashboardsServerOptions): Reply {
  if (product === 'Kibana' || tenants === undefined) return error(404, 'Not Found', 'Not Found');
  const all = Object.fromEntries(['global_tenant', 'kim', ...tenants].map((name) => [name, true]));
  return [200, { data: asObject({ user_name: 'kim', tenants: all }) }];
}
