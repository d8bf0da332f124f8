import { inspect } from 'node:util';
import {
  Client,
  Transport,
  errors,
  type ClientOptions,
  type TransportOptions,
  type TransportRequestOptions,
  type TransportRequestOptionsWithMeta,
  type TransportRequestOptionsWithOutMeta,
  type TransportRequestParams,
  type TransportResult,
} from '@elastic/elasticsearch';
import { systemClock, type Clock } from '../clock.js';
import type { OutputConfig } from '../config.js';
import { ConnectorError } from '../errors.js';
import { packageJson } from '../package-root.js';
import { hostPool } from './hosts.js';
import { signedConnection } from './signed-connection.js';
import { createSigner } from './sigv4.js';
import { createConnect } from './trust.js';

export type { Client };

/** What the client needs of the output settings. */
export type ClientConfig = Pick<
  OutputConfig,
  | 'hosts'
  | 'api_key'
  | 'bearer_token'
  | 'username'
  | 'password'
  | 'aws'
  | 'ca'
  | 'ca_fingerprint'
  | 'request_timeout_s'
  | 'gzip'
>;

export interface ClientSettings {
  /** How long making a connection may take. */
  readonly connectTimeoutMs?: number;
  /** Connections per host. */
  readonly connections?: number;
  /** By which hosts that failed are left alone. */
  readonly clock?: Clock;
}

const defaults = { connectTimeoutMs: 10_000, connections: 64 };
const maxAnswerBytes = 256 * 1024 * 1024;

/**
 * Makes the one client for Elasticsearch 8/9 and OpenSearch 2/3: several hosts alike (`hosts.ts`), keep-alive, gzip, no sniffing, no product check, no retries of its own. Its errors and the client
 * itself can be logged: they hold no secret and no request body.
 * @throws ConnectorError CCX_OUTPUT_HOST, CCX_CREDENTIAL_FORMAT, CCX_CA_FILE
 */
export function createClient(output: ClientConfig, settings: ClientSettings = {}): Client {
  const connectTimeoutMs = settings.connectTimeoutMs ?? defaults.connectTimeoutMs;
  const { ca, ca_fingerprint: fingerprint } = output;
  const agent = {
    connections: settings.connections ?? defaults.connections,
    // Shorter than the idle time of load balancers that do not announce theirs (HAProxy: usually 10 s): a request into a connection that is
    // just being closed is lost, and nobody can tell whether it was carried out.
    keepAliveTimeout: 8_000,
    connect: createConnect({ ca, fingerprint, connectTimeoutMs }),
  };
  const service = output.aws?.service;
  const options: ClientOptions = {
    ...(output.aws && service && { Connection: signedConnection(createSigner(output.aws, service)) }),
    // The secret goes to the connections alone: headers of the client's own are printed under DEBUG=elasticsearch.
    nodes: hostUrls(output).map((url) => ({ url, headers: authorization(output) })),
    Transport: PlainTransport,
    ConnectionPool: hostPool(settings.clock ?? systemClock),
    agent,
    maxRetries: 0,
    requestTimeout: output.request_timeout_s * 1000,
    maxResponseSize: maxAnswerBytes,
    compression: output.gzip,
    enableMetaHeader: false,
    name: 'cloudconnexa-ecs',
    headers: { 'user-agent': `cloudconnexa-ecs/${version()}` },
    // `replace` copies the request body byte by byte into an object; `remove` drops what could be secret instead.
    redaction: { type: 'remove' },
  };
  return hideSecrets(new Client(options));
}

/** Plain media types, no product check: what both engines understand. A time-out marks the host as dead, too. */
class PlainTransport extends Transport {
  constructor(options: TransportOptions) {
    const unchecked = { ...options };
    delete unchecked.productCheck;
    super({
      ...unchecked,
      retryOnTimeout: true,
      vendoredHeaders: {
        jsonContentType: 'application/json',
        ndjsonContentType: 'application/x-ndjson',
        accept: 'application/json',
      },
    });
  }

  override request<T>(params: TransportRequestParams, options?: TransportRequestOptionsWithOutMeta): Promise<T>;
  override request<T, C>(
    params: TransportRequestParams,
    options?: TransportRequestOptionsWithMeta,
  ): Promise<TransportResult<T, C>>;
  override request<T>(params: TransportRequestParams, options?: TransportRequestOptions): Promise<T>;
  override async request(params: TransportRequestParams, options?: TransportRequestOptions): Promise<unknown> {
    try {
      return await super.request(params, options);
    } catch (error) {
      // An error that is logged would otherwise dump a bulk body of megabytes, customers' events included.
      if (error instanceof errors.ElasticsearchClientError && 'meta' in error) dropBody(error.meta);
      throw error;
    }
  }
}

function dropBody(meta: unknown): void {
  const params = (meta as TransportResult | undefined)?.meta?.request?.params;
  if (params) delete params.body;
}

function version(): string {
  return String((packageJson('package.json') as { version?: unknown }).version);
}

function hostUrls(output: ClientConfig): URL[] {
  if (output.hosts.length === 0) throw hostError('No host is given', 'output.hosts');
  const urls = output.hosts.map((host, i) => hostUrl(host, `output.hosts[${i}]`, output.ca_fingerprint !== undefined));
  return [...new Set(urls)].map((url) => new URL(url));
}

function hostUrl(host: string, place: string, needsTls: boolean): string {
  if (!URL.canParse(host)) throw hostError('A host is not a URL', place);
  const url = new URL(host);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw hostError('A host is not an http or https URL', place);
  if (url.username !== '' || url.password !== '') throw hostError('A host holds credentials', place);
  if (needsTls && url.protocol === 'http:') throw hostError('A fingerprint is given for a host without TLS', place);
  return url.href;
}

function hostError(message: string, place: string): ConnectorError {
  return new ConnectorError('CCX_OUTPUT_HOST', message, { place });
}

/** The Authorization header, put together here so that the exact value is known and checked. */
function authorization(output: ClientConfig): { authorization?: string } {
  const { api_key: apiKey, bearer_token: bearer, username, password } = output;
  if (apiKey !== undefined) return { authorization: `ApiKey ${token(encodedKey(apiKey), 'output.api_key')}` };
  if (bearer !== undefined) return { authorization: `Bearer ${token(bearer, 'output.bearer_token')}` };
  if (username === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** API keys come encoded, or as `id:key`; base64 has no colon. */
function encodedKey(apiKey: string): string {
  return apiKey.includes(':') ? Buffer.from(apiKey).toString('base64') : apiKey;
}

function token(value: string, place: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new ConnectorError('CCX_CREDENTIAL_FORMAT', 'A credential holds white space or other illegal characters', {
      place,
    });
  }
  return value;
}

/** The client keeps its options, headers included, in enumerable properties: a dump must not show them. */
function hideSecrets(client: Client): Client {
  const summary = (): object => ({
    hosts: client.connectionPool.connections.map(({ id, status }) => ({ id, status })),
  });
  Object.defineProperty(client, inspect.custom, { value: summary });
  Object.defineProperty(client, 'toJSON', { value: summary });
  return client;
}
