import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One request, read to its end. Of a body nothing is kept but how long it was and how many lines it had. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** As it came, maybe compressed. */
  readonly bodyBytes: number;
  readonly lines: number;
}

const HEAD_END = '\r\n\r\n';
const NEWLINE = 10;

interface Head {
  readonly method: string;
  readonly target: string;
  readonly length: number;
  readonly isGzip: boolean;
}

/**
 * Reads HTTP/1.1 requests from a connection and tells each one as soon as it is there: as much of HTTP as bulk clients
 * speak (bodies with a length, keep-alive), at the price of looking for line breaks.
 */
export function readRequests(socket: Socket, onRequest: (request: Received) => void): void {
  let head: Head | undefined;
  let waiting: Buffer = Buffer.alloc(0);
  let left = 0;
  let lines = 0;
  let packed: Buffer[] = [];

  function begin(chunk: Buffer): Buffer | undefined {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    const end = waiting.indexOf(HEAD_END);
    if (end < 0) return undefined;
    head = parseHead(waiting.toString('latin1', 0, end));
    left = head.length;
    const rest = waiting.subarray(end + HEAD_END.length);
    waiting = Buffer.alloc(0);
    return rest;
  }

  function take(body: Buffer, { isGzip }: Head): void {
    left -= body.length;
    if (isGzip) packed.push(body);
    else lines += countLines(body);
  }

  function finish({ method, target, length, isGzip }: Head): void {
    if (isGzip) lines = countLines(gunzipSync(Buffer.concat(packed)));
    onRequest({ method, target, bodyBytes: length, lines });
    head = undefined;
    packed = [];
    lines = 0;
  }

  socket.on('data', (chunk: Buffer) => {
    for (let rest: Buffer | undefined = chunk; rest !== undefined;) {
      if (head === undefined) rest = begin(rest);
      if (head === undefined || rest === undefined) return;
      const body = rest.subarray(0, left);
      rest = body.length < rest.length ? rest.subarray(body.length) : undefined;
      take(body, head);
      if (left === 0) finish(head);
    }
  });
}

function parseHead(text: string): Head {
  const [first = '', ...rest] = text.split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = new Map(rest.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line] as const));
  const valueOf = (name: string): string =>
    headers
      .get(name)
      ?.slice(name.length + 1)
      .trim() ?? '';
  if (headers.has('transfer-encoding')) throw new Error('the sink reads bodies with a length only');
  return {
    method,
    target,
    length: Number(valueOf('content-length')),
    isGzip: valueOf('content-encoding') === 'gzip',
  };
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
