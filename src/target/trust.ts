import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { ConnectorError } from '../errors.js';
import { proxyFor } from '../proxy/environment.js';
import { openTunnel } from '../proxy/tunnel.js';

/** Whom to trust. Without either, the CAs that Node.js comes with. */
export interface Trust {
  /** Path of a PEM file with CA certificates; they replace the built-in ones. */
  readonly ca?: string | undefined;
  /** SHA-256 of the one certificate to trust (root, intermediate or the server's own), hex, colons allowed. */
  readonly fingerprint?: string | undefined;
  readonly connectTimeoutMs: number;
}

type Connect = ReturnType<typeof buildConnector>;
type Target = Parameters<Connect>[0];

/**
 * The reason why no connection was made: nothing of the request has left, so it cannot have been stored.
 * The client keeps only an error's message, so the code travels in it; `connectFailure` reads it back.
 */
class NotConnected extends Error {
  readonly code = 'CCX_NOT_CONNECTED';
  constructor(reason: string, detail: string) {
    super(`not connected (${reason}): ${detail}`);
  }
}

/** An error that says that nothing of a request has left. @param reason One word in capitals. */
export function notSent(reason: string, detail: string): Error {
  return new NotConnected(reason, detail);
}

/** Finds out whether an error of the client says that no connection was made; `reason` is Node's or OpenSSL's code. */
export function connectFailure(error: unknown): { reason: string; detail: string } | undefined {
  const found = error instanceof Error ? /^not connected \((\w+)\): ([^]*)$/.exec(error.message) : null;
  return found ? { reason: found[1] ?? '', detail: found[2] ?? '' } : undefined;
}

/**
 * Opens sockets for the client: TLS 1.2 or newer, always verified, whatever the environment says.
 * @throws ConnectorError CCX_CA_FILE when the file cannot be read or holds no certificate.
 */
export function createConnect(trust: Trust): Connect {
  const cas = trust.ca === undefined ? undefined : readCertificates(trust.ca);
  const connectBy =
    trust.fingerprint === undefined ? verified(trust, cas) : pinned(trust, trust.fingerprint, cas ?? []);
  return (target, callback) => {
    connectBy(target, (...[error, socket]) => (error ? callback(notConnected(error), null) : callback(null, socket)));
  };
}

/** Settings of a connection that trusts one certificate of any kind. */
interface Pinning {
  allowPartialTrustChain?: boolean;
  checkServerIdentity?: typeof checkServerIdentity;
}

function verified(trust: Trust, cas: readonly string[] | undefined, extra: Pinning = {}): Connect {
  const connectBy = buildConnector({
    ...strict,
    ...extra,
    ...(cas && { ca: [...cas] }),
    timeout: trust.connectTimeoutMs,
  });
  return (target, callback) => {
    throughProxy(target, trust.connectTimeoutMs).then(
      (tunnel) => {
        if (tunnel === undefined) return void connectBy(target, callback);
        if (target.protocol !== 'https:') return callback(null, tunnel);
        // The same trust as without a proxy: it only carries what it cannot read.
        return void connectBy({ ...target, httpSocket: tunnel }, callback);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

/** A socket to the target through the environment's proxy; undefined when none is to be used. */
async function throughProxy(target: Target, timeoutMs: number): Promise<Socket | undefined> {
  const secure = target.protocol === 'https:';
  const port = Number(target.port || (secure ? 443 : 80));
  const url = new URL(`${secure ? 'https' : 'http'}://${bracketed(target.hostname)}:${port}`);
  const proxy = proxyFor(url);
  return proxy && openTunnel(proxy, { host: target.hostname.replace(/^\[|\]$/g, ''), port }, timeoutMs);
}

function bracketed(hostname: string): string {
  return hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
}

// `rejectUnauthorized` is spelled out because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch the default off.
const strict = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;

/**
 * Trusts one certificate, known by its fingerprint. A fingerprint found in the chain a server presents proves nothing by
 * itself (anyone can send a copy of a public CA certificate along), so the certificate is only *learned* from there, on a
 * connection that carries no request, and then used as the sole trust anchor of an ordinary, fully verified connection.
 */
function pinned(trust: Trust, fingerprint: string, known: readonly string[]): Connect {
  const wanted = normal(fingerprint);
  const options: Pinning = {
    allowPartialTrustChain: true, // an intermediate or the server's own certificate may be the anchor
    checkServerIdentity: (host, certificate) =>
      normal(certificate.fingerprint256) === wanted ? undefined : checkServerIdentity(host, certificate),
  };
  const given = known.find((pem) => normal(new X509Certificate(pem).fingerprint256) === wanted);
  let connectBy = given === undefined ? undefined : verified(trust, [given], options);
  return (target, callback) => {
    if (connectBy) return connectBy(target, callback);
    learn(target, wanted, trust.connectTimeoutMs).then(
      (pem) => (connectBy ??= verified(trust, [pem], options))(target, callback),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

/** Shakes hands without trust, reads the presented chain and hangs up. */
async function learn(target: Target, wanted: string, timeoutMs: number): Promise<string> {
  const tunnel = await throughProxy(target, timeoutMs);
  return new Promise((resolve, reject) => {
    const servername = target.servername ? { servername: target.servername } : {};
    const port = Number(target.port === '' ? 443 : (target.port ?? 443));
    const socket = connect({
      host: target.hostname,
      port,
      ...servername,
      ...(tunnel && { socket: tunnel }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: false,
    });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () =>
      fail(new NotConnected('ETIMEDOUT', 'the server did not answer the TLS handshake')),
    );
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const pem = chainOf(socket).find((one) => normal(one.fingerprint256) === wanted);
      socket.destroy();
      if (pem) resolve(toPem(pem.raw));
      else
        reject(new NotConnected('FINGERPRINT', 'the server presents no certificate with the configured fingerprint'));
    });
  });
}

function chainOf(socket: TLSSocket): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let next: ReturnType<TLSSocket['getPeerCertificate']> | undefined = socket.getPeerCertificate(true);
  // A self-signed certificate names itself as its issuer: stop there.
  while (next?.raw !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = 'issuerCertificate' in next ? next.issuerCertificate : undefined;
  }
  return chain;
}

function notConnected(error: Error): Error {
  if (error instanceof NotConnected) return error;
  // Several addresses of one name fail together, with an empty message of their own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const cause = first instanceof Error ? first : error;
  if (cause instanceof ConnectorError) return new NotConnected(cause.code, cause.message);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
  return new NotConnected(code, cause.message);
}

function readCertificates(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConnectorError('CCX_CA_FILE', 'The CA file cannot be read', { place: path, cause });
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0)
    throw new ConnectorError('CCX_CA_FILE', 'The CA file holds no PEM certificate', { place: path });
  for (const pem of found) assertCertificate(pem, path);
  return found;
}

function assertCertificate(pem: string, path: string): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new ConnectorError('CCX_CA_FILE', 'The CA file holds a broken certificate', { place: path, cause });
  }
}

function toPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function normal(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').trim().toLowerCase();
}
