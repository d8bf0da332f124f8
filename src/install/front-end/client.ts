import { Agent, FormData, request, type Dispatcher } from 'undici';
import type { Config, DashboardsConfig, OutputConfig } from '../../config.js';
import { ConnectorError } from '../../errors.js';
import { isOk, reasonOf, type Answer } from '../../target/answer.js';
import type { Engine } from '../../target/capability.js';
import { createConnect } from '../../target/trust.js';
import { explainConnection } from './explain.js';
import { products, type Product } from './product.js';

export type FrontEndMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Kibana or OpenSearch Dashboards. */
export interface FrontEnd {
  readonly product: Product;
  /** Its address, as people know it, with the space. */
  readonly place: string;
  /**
   * Sends one request and returns the answer: 403, 404 and other refusals are data for the caller.
   * @param path Below the base path and the space: `/api/status`.
   * @throws ConnectorError CCX_DASHBOARDS_UNREACHABLE (no answer, 429, 5xx), CCX_DASHBOARDS_TLS, CCX_DASHBOARDS_DENIED (401),
   *   CCX_DASHBOARDS_UNSUPPORTED (an answer that no such server gives)
   */
  readonly ask: (method: FrontEndMethod, path: string, body?: object) => Promise<Answer>;
  /** Sends lines of JSON as the file of a form, as imports want it. Else as `ask`. */
  readonly upload: (path: string, ndjson: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

type FrontEndConfig = Pick<Config, 'dashboards' | 'output'>;

const connectTimeoutMs = 10_000;

/**
 * A client for the server at `dashboards.url`, which must be set. Its errors hold no secret, and it has no property with one.
 * @throws ConnectorError CCX_CREDENTIAL_FORMAT, CCX_CA_FILE
 */
export function createFrontEnd(config: FrontEndConfig, engine: Engine): FrontEnd {
  const { url = '', space, ca, ca_fingerprint: fingerprint } = config.dashboards;
  const product = products[engine];
  const base = url.replace(/\/+$/, '') + (engine === 'elasticsearch' && space !== undefined ? `/s/${space}` : '');
  const timeoutMs = config.output.request_timeout_s * 1000;
  const agent = new Agent({
    connect: createConnect({ ca, fingerprint, connectTimeoutMs }),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const headers = { ...headersOf(config.dashboards, product), ...authorization(config) };
  const send = async (method: FrontEndMethod, path: string, payload: Payload): Promise<Answer> => {
    const answer = await receive(
      `${base}${path}`,
      { method, ...payload.init },
      { ...headers, ...payload.headers },
      agent,
    );
    return checked(answer, product, `${method} ${base}${path}`);
  };
  return {
    product,
    place: base,
    ask: (method, path, body) => send(method, path, body === undefined ? {} : jsonPayload(body)),
    upload: (path, ndjson) => send('POST', path, filePayload(ndjson)),
    close: () => agent.close(),
  };
}

interface Payload {
  readonly init?: { readonly body: string | FormData };
  readonly headers?: Readonly<Record<string, string>>;
}

function jsonPayload(body: object): Payload {
  return { init: { body: JSON.stringify(body) }, headers: { 'content-type': 'application/json' } };
}

/** The name matters: both servers refuse a file whose name does not end like this. */
function filePayload(ndjson: string): Payload {
  const body = new FormData();
  body.append('file', new Blob([ndjson], { type: 'application/x-ndjson' }), 'cloudconnexa-ecs.ndjson');
  return { init: { body } };
}

function headersOf({ tenant }: DashboardsConfig, { xsrfHeader }: Product): Record<string, string> {
  const kibana = xsrfHeader === 'kbn-xsrf';
  return {
    [xsrfHeader]: 'cloudconnexa-ecs',
    'user-agent': 'cloudconnexa-ecs',
    accept: 'application/json, application/x-ndjson',
    // Serverless Kibana lets only callers that name themselves delete a saved object; elsewhere it does nothing.
    ...(kibana ? { 'x-elastic-internal-origin': 'cloudconnexa-ecs' } : {}),
    ...(!kibana && tenant !== undefined ? { securitytenant: tenant } : {}),
  };
}

/** Its own credentials, or those of `output` where it has none; config checks that none goes over plain http unasked. */
function authorization({ dashboards, output }: FrontEndConfig): { authorization?: string } {
  const own = dashboards.api_key !== undefined || dashboards.username !== undefined;
  const from: Partial<Pick<OutputConfig, 'api_key' | 'bearer_token' | 'username' | 'password'>> = own
    ? dashboards
    : output;
  if (from.api_key !== undefined) {
    // API keys come encoded, or as `id:key`; base64 has no colon.
    const key = from.api_key.includes(':') ? Buffer.from(from.api_key).toString('base64') : from.api_key;
    return { authorization: `ApiKey ${headerValue(key, own)}` };
  }
  if (from.bearer_token !== undefined) return { authorization: `Bearer ${headerValue(from.bearer_token, own)}` };
  if (from.username === undefined || from.password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${from.username}:${from.password}`).toString('base64')}` };
}

function headerValue(value: string, own: boolean): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new ConnectorError('CCX_CREDENTIAL_FORMAT', 'A credential holds white space or other illegal characters', {
    place: own ? 'dashboards' : 'output',
  });
}

async function receive(
  url: string,
  init: { readonly method: FrontEndMethod; readonly body?: string | FormData },
  headers: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
): Promise<Answer> {
  try {
    const { statusCode, headers: received, body } = await request(url, { ...init, headers, dispatcher });
    return { status: statusCode, body: parsed(await body.text()), headers: received };
  } catch (error) {
    throw explainConnection(error, `${init.method} ${url}`);
  }
}

/** JSON, or the text as it is: exports are lines of JSON, proxies answer in HTML. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** @throws ConnectorError for what is the same whatever was asked. */
function checked(answer: Answer, product: Product, place: string): Answer {
  const { status } = answer;
  if (status === 401) {
    throw new ConnectorError('CCX_DASHBOARDS_DENIED', `${product.name} does not accept the credentials (401)`, {
      place,
    });
  }
  if (status === 429 || status >= 500) {
    const reason = typeof answer.body === 'string' ? `it answers ${status}` : `${reasonOf(answer)} (${status})`;
    throw new ConnectorError('CCX_DASHBOARDS_UNREACHABLE', `${product.name} cannot work now: ${reason}`, { place });
  }
  // A login page, a proxy's error, an engine: taking its 404 for `there is no such object` would be wrong.
  if (!isOurs(answer, product)) {
    const what = status >= 300 && status < 400 ? 'a redirect' : `${status} without the header ${product.nameHeader}`;
    throw new ConnectorError('CCX_DASHBOARDS_UNSUPPORTED', `What answers is not ${product.name}: ${what}`, { place });
  }
  return answer;
}

function isOurs(answer: Answer, { nameHeader }: Product): boolean {
  if (answer.status >= 300 && answer.status < 400) return false;
  // A proxy may take the header away, but it does not answer in JSON then.
  return nameHeader in answer.headers || typeof answer.body === 'object' || isNdjson(answer);
}

function isNdjson({ body, headers }: Answer): boolean {
  return typeof body === 'string' && /ndjson/.test(String(headers['content-type']));
}

/** @throws ConnectorError CCX_DASHBOARDS_DENIED, CCX_DASHBOARDS_OLD, CCX_ASSET_REFUSED when the answer is not a success */
export function refuse(answer: Answer, { product }: FrontEnd, place: string, what: string): void {
  if (isOk(answer)) return;
  const said = `${what}: ${typeof answer.body === 'string' ? `HTTP status ${answer.status}` : reasonOfFrontEnd(answer)}`;
  if (answer.status === 403) throw new ConnectorError('CCX_DASHBOARDS_DENIED', said, { place });
  if (answer.status === 422) throw new ConnectorError('CCX_DASHBOARDS_OLD', said, { place });
  throw new ConnectorError('CCX_ASSET_REFUSED', `${product.name}: ${said}`, { place });
}

/** `message` says more than `error`, which only names the status. */
export function reasonOfFrontEnd(answer: Answer): string {
  const { message } = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as {
    message?: unknown;
  };
  return typeof message === 'string' && message !== '' ? message : reasonOf(answer);
}
