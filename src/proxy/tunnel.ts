import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Socket } from 'node:net';
import { decoded } from './environment.js';

/** Where a tunnel ends. */
export interface TunnelEnd {
  readonly host: string;
  readonly port: number;
}

/** Why a proxy made no tunnel: `PROXY_407`, `PROXY_403`, … by its status, or `PROXY_UNREACHABLE`. */
export class ProxyFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Opens a tunnel through an HTTP proxy (CONNECT), also for plain http: a proxy that reads along would see what others must not.
 * @throws ProxyFailure, whose message names the proxy without its credentials
 */
export function openTunnel(proxy: URL, { host, port }: TunnelEnd, timeoutMs: number): Promise<Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const fail = (code: string, why: string): void =>
      reject(new ProxyFailure(code, `the proxy ${proxy.host} ${why} (${authority})`));
    const secure = proxy.protocol === 'https:';
    const ask = (secure ? overHttps : overHttp)({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (secure ? 443 : 80) : proxy.port,
      path: authority,
      headers: { host: authority, ...login(proxy) },
      agent: false,
      timeout: timeoutMs,
      ...(secure ? { minVersion: 'TLSv1.2', rejectUnauthorized: true } : {}),
    });
    ask.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket, head: Buffer) => {
      // Not 200 alone: any success makes a tunnel (RFC 9110, 9.3.6).
      if (statusCode >= 200 && statusCode < 300) {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      fail(`PROXY_${statusCode}`, `answers ${statusCode}`);
    });
    ask.once('timeout', () => ask.destroy(new Error('no answer in time')));
    ask.once('error', (error) => fail('PROXY_UNREACHABLE', `cannot be asked: ${error.message || 'no connection'}`));
    ask.end();
  });
}

function login({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const text = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}
