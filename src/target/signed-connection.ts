import { UndiciConnection } from '@elastic/elasticsearch';
import type { Sign } from './sigv4.js';
import { notSent } from './trust.js';

type Options = ConstructorParameters<typeof UndiciConnection>[0];

/**
 * A connection class of the client whose requests are signed at the last moment, when path, query, and compressed body are
 * final. Below the client's own `request`, because that prints the headers it is given under DEBUG=elasticsearch.
 */
export function signedConnection(sign: Sign): typeof UndiciConnection {
  return class SignedConnection extends UndiciConnection {
    constructor(options: Options) {
      super(options);
      signRequests(this.pool, this.url, sign);
    }
  };
}

type Pool = UndiciConnection['pool'];
type Request = Parameters<Pool['request']>[0];

function signRequests(pool: Pool, url: URL, sign: Sign): void {
  const send = pool.request.bind(pool) as (request: Request) => Promise<unknown>;
  const signThenSend = async (request: Request): Promise<unknown> => {
    const { path, headers } = await sign(wire(request), url).catch((error: unknown) => {
      throw notSent('AWS_SIGNING', error instanceof Error ? error.message : String(error));
    });
    return send({ ...request, path, headers: { ...(request.headers as Record<string, string>), ...headers } });
  };
  Object.defineProperty(pool, 'request', { value: signThenSend });
}

function wire({ method, path, body }: Request): Parameters<Sign>[0] {
  // A stream cannot be signed and then sent; nothing here sends one.
  if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new TypeError('a request that is signed has its body in memory');
  return { method, path, body };
}
