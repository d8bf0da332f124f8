import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterTest } from './after-test.js';

/** An answer: its status and its body, as JSON or, when it is a text, as it stands. */
export interface Scripted {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is answered to `METHOD /path`; the key may be the beginning of the path. Everything else gets a 404 of the engine's kind. */
export type Script = Readonly<Record<string, Scripted | (() => Scripted)>>;

/** For use inside a test: a real server that answers by the script, over TLS when options for it are given. */
export async function scriptedServer(script: Script, tls?: ServerOptions): Promise<string> {
  const listener: RequestListener = (request, response) => {
    request.resume();
    response.sendDate = false; // as engines do
    const { status = 200, body, headers } = answerTo(`${request.method} ${request.url}`, script);
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
  const server: Server = tls === undefined ? createHttp(listener) : createHttps(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nothing: Scripted = { status: 404, body: { error: { type: 'x_exception', reason: 'nothing is scripted' } } };

function answerTo(request: string, script: Script): Scripted {
  const exact = script[request];
  const key = Object.keys(script).find((start) => !start.endsWith('/') && request.startsWith(start));
  const found = exact ?? (key === undefined ? nothing : script[key]) ?? nothing;
  return typeof found === 'function' ? found() : found;
}
