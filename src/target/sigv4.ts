import type { OutputAwsConfig } from '../config.js';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** With the query, if there is one. */
  readonly path: string;
  /** After compression. */
  readonly body?: string | Uint8Array | null | undefined;
}

/** What a signature makes of a request. */
export interface Signed {
  /** To be sent instead of the path: the query is encoded in the one way that a signature knows. */
  readonly path: string;
  /** To be sent in addition: they hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs one request to the host of a URL.
 * @throws what the AWS SDK throws when it finds no credentials or no region
 */
export type Sign = (request: WireRequest, url: URL) => Promise<Signed>;

type Service = NonNullable<OutputAwsConfig['service']>;

/**
 * Signature Version 4 by AWS's own signer, with the credentials that `aws` names or the SDK finds. What speaks to AWS is loaded at the
 * first request, since few need it. Signed are the host, the body's digest (which OpenSearch Serverless demands as a header),
 * time and session token, and nothing that a load balancer may change: Serverless refuses a signed Content-Length.
 * Facts: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-clients.html
 */
export function createSigner(aws: OutputAwsConfig, service: Service): Sign {
  const signers = new Map<string, ReturnType<typeof loadSigner>>();
  return async (request, url) => {
    const { host } = url;
    let signer = signers.get(host);
    if (signer === undefined) signers.set(host, (signer = loadSigner(aws, service, url)));
    const { path, query } = split(request.path);
    const signed = await (
      await signer
    ).sign({
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path,
      query,
      headers: { host },
      ...(request.body === undefined || request.body === null ? {} : { body: request.body }),
    });
    return { path: path + queryText(query), headers: signed.headers };
  };
}

async function loadSigner(aws: OutputAwsConfig, service: Service, url: URL) {
  const [{ SignatureV4 }, { Sha256 }, { awsIdentity }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@smithy/core/checksum'),
    import('../aws/identity.js'),
  ]);
  const found = aws.region ?? regionOf(url.hostname);
  const { credentials, region } = awsIdentity({ ...aws, ...(found === undefined ? {} : { region: found }) });
  return new SignatureV4({ service, region, credentials, sha256: Sha256 });
}

/** The region in the names that AWS gives to domains and collections: `….eu-central-1.es.amazonaws.com`, `….aos.eu-central-1.on.aws`. */
function regionOf(hostname: string): string | undefined {
  const [, before, after] =
    /\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:es|aoss)\.amazonaws\.com(?:\.cn)?$|\.(?:aos|aoss)\.([a-z]{2}(?:-[a-z]+)+-\d)\.on\.aws$/.exec(
      hostname,
    ) ?? [];
  return before ?? after;
}

type Query = Readonly<Record<string, string | string[]>>;

/** `+` in a query stands for a blank, as the engines read it. */
function split(target: string): { readonly path: string; readonly query: Query } {
  const cut = target.indexOf('?');
  if (cut < 0) return { path: target, query: {} };
  const given = new URLSearchParams(target.slice(cut + 1));
  const query = Object.fromEntries([...new Set(given.keys())].map((name) => [name, given.getAll(name)]));
  return { path: target.slice(0, cut), query };
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${strict(name)}=${strict(value)}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** RFC 3986: everything but letters, digits and `-._~` is encoded. */
function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
