import { errors } from '@elastic/elasticsearch';
import { ConnectorError, type ErrorCode } from '../errors.js';
import { reasonOf } from './answer.js';
import { connectFailure } from './trust.js';

interface Explanation {
  readonly code: ErrorCode;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly remedy?: string;
}

/**
 * Says in plain words why a request to the cluster failed, and what to do. Works on errors of the client, of undici and
 * of Node, and on a `ConnectorError` that has one of them as its cause; any other `ConnectorError` comes back as it is.
 * @param place What was tried: a host without credentials, or method and path.
 * @returns CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_TLS, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNSUPPORTED, CCX_OUTPUT_REFUSED or CCX_INTERNAL
 */
export function explainFailure(error: unknown, place: string): ConnectorError {
  if (error instanceof ConnectorError) return error.cause === undefined ? error : refine(error, place);
  const found = explain(error) ?? { code: 'CCX_INTERNAL', message: textOf(error) };
  const { code, message, remedy } = found;
  return new ConnectorError(code, message, { place, cause: error, ...(remedy === undefined ? {} : { remedy }) });
}

/** A better explanation of the cause, where there is one. */
function refine(error: ConnectorError, place: string): ConnectorError {
  return explain(error.cause) === undefined ? error : explainFailure(error.cause, place);
}

function explain(error: unknown): Explanation | undefined {
  if (error instanceof errors.ResponseError) return explainAnswer(error);
  if (error instanceof errors.DeserializationError) return notAnEngine('the answer is not JSON');
  if (error instanceof errors.TimeoutError) return timedOut;
  if (error instanceof errors.ProductNotSupportedError) return notAnEngine('it does not say that it is one');
  return explainReason(reasonCode(error), textOf(error));
}

/** The code of Node, OpenSSL or undici, wherever it is. */
function reasonCode(error: unknown): string {
  const failure = connectFailure(error);
  if (failure) return failure.reason;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonCode(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined
    ? (/\b(?:E[A-Z]{4,}|[A-Z]+_[A-Z_]{6,})\b/.exec(error.message)?.[0] ?? '')
    : reasonCode(error.cause);
}

function explainReason(reason: string, text: string): Explanation | undefined {
  const known = byReason.get(reason) ?? byText.find(([pattern]) => pattern.test(text))?.[1];
  if (known) return known;
  if (reason.startsWith('ERR_SSL_') || reason === 'EPROTO') return notTls;
  if (/CERT|_CRL|SIGNATURE/.test(reason)) return tls(`the server's certificate is not valid (${reason})`);
  return undefined;
}

const timedOut: Explanation = {
  code: 'CCX_OUTPUT_UNREACHABLE',
  message: 'the cluster does not answer in time',
  remedy: 'Check host, port and firewall; a busy cluster may need a longer output.request_timeout_s.',
};
const refused: Explanation = {
  code: 'CCX_OUTPUT_UNREACHABLE',
  message: 'the connection is refused: nothing listens at this host and port',
  remedy: 'Check the port in output.hosts, and that the engine is running there.',
};
const nameUnknown: Explanation = {
  code: 'CCX_OUTPUT_UNREACHABLE',
  message: 'the host name is not found',
  remedy: 'Check the spelling in output.hosts and the name resolution of this machine.',
};
const noRoute: Explanation = {
  code: 'CCX_OUTPUT_UNREACHABLE',
  message: 'there is no way to this host in the network',
  remedy: 'Check the address in output.hosts, routes, VPN and firewall.',
};
const hungUp: Explanation = {
  code: 'CCX_OUTPUT_UNREACHABLE',
  message: 'the server closed the connection without an answer',
  remedy:
    'If the server speaks TLS, write https:// in output.hosts; otherwise look at its log and at proxies before it.',
};
const notTls: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: 'no TLS connection could be made: the server does not speak TLS here, or no version from 1.2 on',
  remedy: 'Write http:// in output.hosts if the engine runs without TLS, or correct the port.',
};
const notHttp: Explanation = {
  code: 'CCX_OUTPUT_UNSUPPORTED',
  message: 'the server does not answer in HTTP',
  remedy: 'Give the HTTP port of the engine (usually 9200, not 9300) in output.hosts.',
};
const unknownCa: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: "the server's certificate is signed by a CA that is not trusted here, or by itself",
  remedy: "Set output.ca to the PEM file of the cluster's CA (http_ca.crt on Elasticsearch), or output.ca_fingerprint.",
};
const wrongName: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: "the server's certificate is for another host name",
  remedy: 'Use a name in output.hosts that the certificate has, or issue a certificate with this name.',
};
const wrongFingerprint: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: 'no certificate of the server has the fingerprint of output.ca_fingerprint',
  remedy:
    'Compare it with: openssl x509 -noout -fingerprint -sha256 -in ca.pem; if it is right, this is not your server.',
};

function tls(message: string): Explanation {
  return {
    code: 'CCX_OUTPUT_TLS',
    message,
    remedy: "Renew the server's certificate, or check the clock of both machines.",
  };
}

// Node: https://nodejs.org/docs/latest-v20.x/api/errors.html and tls.html#x509-certificate-error-codes; undici: its Errors page.
const byReason: ReadonlyMap<string, Explanation> = new Map([
  ['ECONNREFUSED', refused],
  ['ENOTFOUND', nameUnknown],
  ['EAI_AGAIN', nameUnknown],
  ['EHOSTUNREACH', noRoute],
  ['ENETUNREACH', noRoute],
  ['EADDRNOTAVAIL', noRoute],
  ['ETIMEDOUT', timedOut],
  ['UND_ERR_CONNECT_TIMEOUT', timedOut],
  ['UND_ERR_HEADERS_TIMEOUT', timedOut],
  ['UND_ERR_BODY_TIMEOUT', timedOut],
  ['ECONNRESET', hungUp],
  ['EPIPE', hungUp],
  ['UND_ERR_SOCKET', hungUp],
  ['ERR_SSL_WRONG_VERSION_NUMBER', notTls],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownCa],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownCa],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownCa],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownCa],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownCa],
  ['CERT_UNTRUSTED', unknownCa],
  ['CERT_SIGNATURE_FAILURE', unknownCa],
  ['ERR_TLS_CERT_ALTNAME_INVALID', wrongName],
  ['FINGERPRINT', wrongFingerprint],
  ['CERT_HAS_EXPIRED', tls("the server's certificate has expired")],
  ['CERT_NOT_YET_VALID', tls("the server's certificate is not valid yet")],
]);

// Where the client keeps only the message.
const byText: readonly (readonly [RegExp, Explanation])[] = [
  [/^other side closed|socket hang up/i, hungUp],
  [/self[- ]signed certificate|unable to (?:verify|get).*(?:certificate|issuer)/i, unknownCa],
  [/does not match certificate's altnames/i, wrongName],
  [/certificate has expired/i, tls("the server's certificate has expired")],
  [/wrong version number|packet length too long/i, notTls],
  [/^(?:Parse Error|Invalid |Expected HTTP|Response does not match the HTTP\/1\.1 protocol)/, notHttp],
];

function notAnEngine(why: string): Explanation {
  return {
    code: 'CCX_OUTPUT_UNSUPPORTED',
    message: `what answers is not Elasticsearch or OpenSearch: ${why}`,
    remedy: 'Check host, port and path in output.hosts: it may be a proxy, Kibana or another web server.',
  };
}

function explainAnswer(error: errors.ResponseError): Explanation {
  const status = error.statusCode ?? 0;
  const reason = reasonOf({ status, body: error.body, headers: error.headers ?? {} });
  if (status === 401)
    return {
      code: 'CCX_OUTPUT_DENIED',
      message: `the cluster does not accept the credentials (401): ${reason}`,
      remedy:
        'Check output.api_key, output.bearer_token, or output.username and output.password; they may have expired.',
    };
  if (status === 403)
    return {
      code: 'CCX_OUTPUT_DENIED',
      message: `the credentials are right but lack a privilege (403): ${reason}`,
      remedy: 'Grant the privileges that manifest.json lists to this user, key or role.',
    };
  if (status === 429 || (status >= 500 && status !== 501))
    return {
      code: 'CCX_OUTPUT_UNREACHABLE',
      message: `the cluster cannot work now (${status}): ${reason}`,
      remedy: 'Look at the health and the log of the cluster, or of the proxy before it, and try again.',
    };
  if (typeof error.body === 'string' || status === 405) return notAnEngine(`it answers ${status}`);
  return { code: 'CCX_OUTPUT_REFUSED', message: `the cluster refuses the request (${status}): ${reason}` };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
