import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3InputConfig } from '../../src/config.js';

// As the command line does: the SDK's note on versions of Node.js is not part of the tests' output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly storageClass?: string;
}

export interface S3Request {
  readonly kind: 'list' | 'get' | 'head' | 'delete' | 'other';
  readonly key: string;
  readonly range: string | undefined;
  readonly ifMatch: string | undefined;
  readonly query: URLSearchParams;
}

/** What the server does to one request instead of answering it well. */
export type S3Fault =
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly headers?: Record<string, string>;
    }
  /** A page of a proxy that knows nothing of S3. */
  | { readonly kind: 'html'; readonly status: number }
  /** The connection is cut, or falls silent, after so many bytes of the body (with `head`: before the answer's head). */
  | { readonly kind: 'cut' | 'silence'; readonly after: number | 'head' }
  /** The body comes in small pieces. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly ms: number }
  /** The range asked for is not heeded: the whole object comes. */
  | { readonly kind: 'whole' };

/** A real HTTP server with as much of S3 as the connector uses for reading, misbehaving by script. */
export class S3Server {
  readonly objects = new Map<string, StoredObject>();
  readonly requests: S3Request[] = [];
  /** Asked for each request, before it is answered. */
  fault: (request: S3Request) => S3Fault | undefined = () => undefined;
  /** What the answers say the time is. */
  nowMs: () => number = Date.now;
  knowsIfMatch = true;
  /** So many pages without a key come before the others. */
  emptyPages = 0;
  knowsStartAfter = true;
  /** Connections with a body under way. */
  bodies = 0;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  static async start(): Promise<S3Server> {
    const server = new S3Server();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    return closed;
  }

  put(key: string, body: string | Buffer, more: Partial<StoredObject> = {}): void {
    const bytes = Buffer.from(body);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    this.objects.set(key, { body: bytes, etag, modifiedMs: Date.now(), ...more });
  }

  /** Requests of a kind, by key. */
  seen(kind: S3Request['kind']): string[] {
    return this.requests.filter((request) => request.kind === kind).map(({ key }) => key);
  }

  config(more: Partial<S3InputConfig> = {}): S3InputConfig {
    return s3Config({ endpoint: this.url, bucket: 'logs', ...more });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = understand(request);
    this.requests.push(seen);
    response.setHeader('date', new Date(this.nowMs()).toUTCString());
    const fault = this.fault(seen);
    if (fault?.kind === 'error') return sendError(response, fault.status, fault.code, fault.headers);
    if (fault?.kind === 'html') return void response.writeHead(fault.status).end('<html><p>Not here</html>');
    if (fault?.kind === 'cut' && fault.after === 'head') return void request.socket.destroy();
    if (fault?.kind === 'silence' && fault.after === 'head') return;
    if (seen.kind === 'list') return this.#list(seen.query, response);
    await this.#object(seen, response, fault);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    const token = query.get('continuation-token');
    if (Number(token ?? 0) < this.emptyPages) return sendEmptyPage(Number(token ?? 0) + 1, response);
    const after = this.knowsStartAfter ? (query.get('start-after') ?? '') : '';
    const keys = this.#keys().filter((key) => key.startsWith(prefix) && compare(key, after) > 0);
    response.setHeader('content-type', 'application/xml');
    response.write('<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><EncodingType>url</EncodingType>');
    response.write(`<IsTruncated>${keys.length > 1000}</IsTruncated>`);
    for (const key of keys.slice(0, 1000)) response.write(this.#listed(key));
    response.end('</ListBucketResult>');
  }

  #sorted: string[] = [];

  #keys(): string[] {
    if (this.#sorted.length !== this.objects.size) this.#sorted = [...this.objects.keys()].sort(compare);
    return this.#sorted;
  }

  #listed(key: string): string {
    const { etag, modifiedMs, body, storageClass = 'STANDARD' } = this.objects.get(key) as StoredObject;
    const encoded = encodeURIComponent(key).replaceAll('%20', '+');
    return `<Contents><Key>${encoded}</Key><LastModified>${new Date(modifiedMs).toISOString()}</LastModified><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${body.length}</Size><StorageClass>${storageClass}</StorageClass></Contents>`;
  }

  async #object(seen: S3Request, response: ServerResponse, fault: S3Fault | undefined): Promise<void> {
    const object = this.objects.get(seen.key);
    if (object === undefined) return sendError(response, 404, 'NoSuchKey');
    if (this.knowsIfMatch && seen.ifMatch !== undefined && seen.ifMatch !== object.etag)
      return sendError(response, 412, 'PreconditionFailed');
    if (seen.kind === 'delete') {
      this.objects.delete(seen.key);
      return void response.writeHead(204).end();
    }
    const from = fault?.kind === 'whole' ? 0 : Number(/^bytes=(\d+)-$/.exec(seen.range ?? '')?.[1] ?? 0);
    const rest = object.body.subarray(from);
    const range =
      from === 0 ? {} : { 'content-range': `bytes ${from}-${object.body.length - 1}/${object.body.length}` };
    response.writeHead(from === 0 ? 200 : 206, { etag: object.etag, 'content-length': rest.length, ...range });
    if (seen.kind === 'head') return void response.end();
    this.bodies += 1;
    response.once('close', () => (this.bodies -= 1));
    await sendBody(response, rest, fault);
  }
}

export function s3Config(more: Partial<S3InputConfig>): S3InputConfig {
  return {
    type: 's3',
    bucket: 'logs',
    prefix: '',
    suffix: '',
    region: 'eu-central-1',
    path_style: true,
    access_key_id: 'AKIATESTTESTTESTTEST',
    secret_access_key: 'test-secret-key',
    role_session_name: 'cloudconnexa-ecs',
    poll_interval_s: 0.02,
    parallel: 4,
    listing_horizon_h: 48,
    on_done: 'keep',
    done_tag: 'cloudconnexa-ecs=done',
    ...more,
  };
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function understand({ method = '', url = '', headers }: IncomingMessage): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const key = decodeURIComponent(url.replace(/\?.*$/s, '')).split('/').slice(2).join('/');
  const isList = method === 'GET' && searchParams.has('list-type');
  const kinds: Record<string, S3Request['kind']> = { GET: 'get', HEAD: 'head', DELETE: 'delete' };
  return {
    kind: isList ? 'list' : pathname === '/' ? 'other' : (kinds[method] ?? 'other'),
    key,
    range: headers.range,
    ifMatch: headers['if-match'],
    query: searchParams,
  };
}

/** As S3 answers where all versions of a page are deleted: no key to go on from, but a token. */
function sendEmptyPage(next: number, response: ServerResponse): void {
  response.setHeader('content-type', 'application/xml');
  response.end(
    `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken></ListBucketResult>`,
  );
}

function sendError(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>said ${code}</Message></Error>`,
  );
}

async function sendBody(response: ServerResponse, body: Buffer, fault: S3Fault | undefined): Promise<void> {
  if (fault?.kind === 'slow') return sendSlowly(response, body, fault);
  if (fault?.kind !== 'cut' && fault?.kind !== 'silence') return void response.end(body);
  response.flushHeaders();
  response.write(body.subarray(0, Number(fault.after)), () => {
    if (fault.kind === 'cut') response.destroy();
  });
}

async function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  { bytes, ms }: Extract<S3Fault, { kind: 'slow' }>,
): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  response.end();
}
