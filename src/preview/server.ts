import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import { explainFailure } from '../target/explain.js';
import { newAccess, type Access } from './access.js';
import { answers, type Sources } from './answers.js';
import { guard, isPage } from './guard.js';
import { securityHeaders } from './headers.js';
import type { PageFile } from './page-files.js';
import { BadParameter, failureRefusal, parameterRefusal, refusal, type Refusal } from './refusal.js';

export interface ServerOptions {
  readonly sources: Sources;
  readonly page: ReadonlyMap<string, PageFile>;
  /** 0: any that is free. */
  readonly port: number;
  readonly redact: (text: string) => string;
  readonly log: Logger;
}

const LOOPBACK = '127.0.0.1';

/** @returns `url`: with the key, nothing is served without
 * @throws ConnectorError CCX_PREVIEW_PORT when the port cannot be had */
export async function listen(options: ServerOptions): Promise<{ readonly url: string; readonly server: Server }> {
  const access = newAccess();
  const server = createServer((request, response) => void respond(request, response, options, access));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, options.port)));
    server.listen(options.port, LOOPBACK, resolve);
  });
  return { server, url: `http://${LOOPBACK}:${portOf(server)}${access.path}` };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function portError(cause: Error, port: number): ConnectorError {
  return new ConnectorError('CCX_PREVIEW_PORT', `The preview cannot listen: ${cause.message}`, {
    place: `--port ${port}`,
    cause,
  });
}

/** Answers one request; whatever goes wrong is an answer too. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  access: Access,
): Promise<void> {
  const gone = new AbortController();
  // Whoever has gone on to something else needs no answer: the engine is told to stop.
  response.once('close', () => gone.abort());
  const { target, by } = access.visitOf(request);
  const refused = guard({ method: request.method, headers: request.headers, url: target });
  if (refused) return sendRefusal(response, refused);
  if (by === 'nobody') return sendStranger(response, target);
  if (by === 'key' && isPage(target)) return sendCookie(response, target, access);
  try {
    await route(target, response, options, gone.signal);
  } catch (error) {
    sendRefusal(response, refusalOf(error, options));
  }
}

function refusalOf(error: unknown, { redact, sources, log }: ServerOptions): Refusal {
  if (error instanceof BadParameter) return parameterRefusal(error);
  const failure = explainFailure(error, sources.streams);
  log.debug({ error: failure }, 'The preview could not answer');
  return failureRefusal(failure, redact);
}

async function route(
  target: string,
  response: ServerResponse,
  { page, sources }: ServerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pathname, searchParams } = new URL(target, `http://${LOOPBACK}`);
  const file = page.get(pathname);
  if (file) return send(response, 200, file.type, file.content);
  const answer = pathname.startsWith('/api/') ? answers.get(pathname.slice('/api/'.length)) : undefined;
  if (answer === undefined)
    return sendRefusal(response, refusal(404, 'PREVIEW_PATH', 'There is nothing here.', 'Open the page at /.'));
  sendJson(response, 200, await answer(searchParams, sources, signal));
}

/** Who has no key gets a sentence in the browser, too. */
function sendStranger(response: ServerResponse, target: string): void {
  const refused = refusal(
    401,
    'PREVIEW_KEY',
    'This is for who started it.',
    'Open the whole address that was printed.',
  );
  const { message, remedy } = refused.error;
  if (!isPage(target)) return sendRefusal(response, refused);
  send(response, 401, 'text/plain; charset=utf-8', Buffer.from(`${message} ${remedy}\n`));
}

/** The key is exchanged for a cookie, and the browser goes on to the address without it. */
function sendCookie(response: ServerResponse, location: string, { cookie }: Access): void {
  response.writeHead(303, { ...securityHeaders, location, 'set-cookie': cookie, 'content-length': 0 }).end();
}

function sendRefusal(response: ServerResponse, { status, error }: Refusal): void {
  sendJson(response, status, { error });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(body)));
}

function send(response: ServerResponse, status: number, type: string, content: Buffer): void {
  const headers = { ...securityHeaders, 'content-type': type, 'content-length': content.length };
  const allow = status === 405 ? { allow: 'GET, HEAD' } : {};
  // Node.js leaves the body out of an answer to HEAD.
  response.writeHead(status, { ...headers, ...allow }).end(content);
}
