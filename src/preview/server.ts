import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import { explainFailure } from '../target/explain.js';
import { answers, type Sources } from './answers.js';
import { guard } from './guard.js';
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

/** @throws ConnectorError CCX_PREVIEW_PORT when the port cannot be had */
export async function listen(options: ServerOptions): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => void respond(request, response, options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, options.port)));
    server.listen(options.port, LOOPBACK, resolve);
  });
  return { server, url: `http://${LOOPBACK}:${portOf(server)}/` };
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
async function respond(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const gone = new AbortController();
  // Whoever has gone on to something else needs no answer: the engine is told to stop.
  response.once('close', () => gone.abort());
  const refused = guard(request);
  if (refused) return sendRefusal(response, refused);
  try {
    await route(request, response, options, gone.signal);
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
  request: IncomingMessage,
  response: ServerResponse,
  { page, sources }: ServerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const file = page.get(pathname);
  if (file) return send(response, 200, file.type, file.content);
  const answer = pathname.startsWith('/api/') ? answers.get(pathname.slice('/api/'.length)) : undefined;
  if (answer === undefined)
    return sendRefusal(response, refusal(404, 'PREVIEW_PATH', 'There is nothing here.', 'Open the page at /.'));
  sendJson(response, 200, await answer(searchParams, sources, signal));
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
