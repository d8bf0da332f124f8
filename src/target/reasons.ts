/** Why a connection to the cluster fails, in plain words, by the codes and texts of Node, OpenSSL and undici. */
import type { ErrorCode } from '../errors.js';
import { proxyRemedies } from '../proxy/remedies.js';

export interface Explanation {
  readonly code: ErrorCode;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly remedy?: string;
}

export const timedOut: Explanation = {
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
export const noTls: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: 'no TLS connection could be made: the server does not speak TLS here, or no version from 1.2 on',
  remedy: 'Write http:// in output.hosts if the engine runs without TLS, or correct the port.',
};
const tlsTooOld: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: 'the server offers only TLS versions before 1.2',
  remedy: 'Let the engine, or the proxy before it, offer TLS 1.2 or 1.3.',
};
const clientCertificate: Explanation = {
  code: 'CCX_OUTPUT_TLS',
  message: 'the server ends the TLS handshake, as it does with clients that have no certificate or share no cipher',
  remedy:
    'Let the server take clients without a certificate (Elasticsearch: xpack.security.http.ssl.client_authentication), and offer the usual ciphers of TLS 1.2 or 1.3.',
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

/** Credentials or region could not be had; the AWS SDK says why. */
export function unsigned(why: string): Explanation {
  return {
    code: 'CCX_OUTPUT_DENIED',
    message: `the request could not be signed: ${why}`,
    remedy:
      'Give access_key_id and secret_access_key, profile, or role_arn under output.aws, or let the environment, container or instance provide them; the region is output.aws.region.',
  };
}

/** What a proxy on the way has against it; undefined when it was none. */
export function viaProxy({
  reason,
  detail,
}: {
  readonly reason: string;
  readonly detail: string;
}): Explanation | undefined {
  if (reason === 'CCX_PROXY_SETTING') return { code: 'CCX_PROXY_SETTING', message: detail };
  if (!reason.startsWith('PROXY_')) return undefined;
  const known = proxyRemedies[reason];
  return { code: 'CCX_PROXY', message: detail, ...(known === undefined ? {} : { remedy: known }) };
}

/** A certificate that is out of its time or otherwise broken. */
export function certificateInvalid(message: string): Explanation {
  return {
    code: 'CCX_OUTPUT_TLS',
    message,
    remedy: "Renew the server's certificate, or check the clock of both machines.",
  };
}

// Node: https://nodejs.org/docs/latest-v20.x/api/errors.html and tls.html#x509-certificate-error-codes; undici: its Errors page.
export const byReason: ReadonlyMap<string, Explanation> = new Map([
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
  ['ERR_SSL_WRONG_VERSION_NUMBER', noTls],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', noTls],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', tlsTooOld],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', tlsTooOld],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', clientCertificate],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', clientCertificate],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownCa],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownCa],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownCa],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownCa],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownCa],
  ['CERT_UNTRUSTED', unknownCa],
  ['CERT_SIGNATURE_FAILURE', unknownCa],
  ['ERR_TLS_CERT_ALTNAME_INVALID', wrongName],
  ['FINGERPRINT', wrongFingerprint],
  ['CERT_HAS_EXPIRED', certificateInvalid("the server's certificate has expired")],
  ['CERT_NOT_YET_VALID', certificateInvalid("the server's certificate is not valid yet")],
]);

// Where the client keeps only the message.
export const byText: readonly (readonly [RegExp, Explanation])[] = [
  [/^other side closed|socket hang up/i, hungUp],
  [/self[- ]signed certificate|unable to (?:verify|get).*(?:certificate|issuer)/i, unknownCa],
  [/does not match certificate's altnames/i, wrongName],
  [/certificate has expired/i, certificateInvalid("the server's certificate has expired")],
  [/alert number (?:40|116)\b|certificate required/i, clientCertificate],
  [/unsupported protocol|alert protocol version/i, tlsTooOld],
  [/wrong version number|packet length too long/i, noTls],
  [/^(?:Parse Error|Invalid |Expected HTTP|Response does not match the HTTP\/1\.1 protocol)/, notHttp],
];

/** @param why A clause that says by what it shows. */
export function notAnEngine(why: string): Explanation {
  return {
    code: 'CCX_OUTPUT_UNSUPPORTED',
    message: `what answers is not Elasticsearch or OpenSearch: ${why}`,
    remedy: 'Check host, port and path in output.hosts: it may be a proxy, Kibana or another web server.',
  };
}
