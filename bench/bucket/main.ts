/**
 * Stands in for S3, in a process of its own, as fast as can be: a bucket of generated objects. For measuring the connector, not
 * for testing it. Argument: a `Shape` as JSON. Prints its port on stdout and ends with its stdin; `POST /_tally` tells what was read.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SAMPLE_SEED, sampleEvents } from '../../src/sample/events.js';
import type { Shape } from './start.js';

const PAGE = 1000;
/** So many different objects are kept in memory; the others are the same bytes under other keys. */
const DIFFERENT = 1000;
const shape = JSON.parse(process.argv[2] ?? '') as Shape;
const bodies = makeBodies();
const modified = new Date(Date.now() - 3_600_000).toISOString();
const tally = { gets: 0, bytes: 0 };

function makeBodies(): Buffer[] {
  const count = Math.min(DIFFERENT, shape.objects);
  const events = sampleEvents({ seed: SAMPLE_SEED, count: count * shape.events, end: new Date() });
  return Array.from({ length: count }, () => {
    const text = Buffer.from(Array.from({ length: shape.events }, () => events.next().value as string).join('\n'));
    return shape.form === 'gz' ? gzipSync(text) : text;
  });
}

const keyOf = (i: number): string => `CloudConnexa/${String(i).padStart(9, '0')}.${shape.form}`;
const etagOf = (i: number): string => `"${i.toString(16).padStart(32, '0')}"`;
const bodyOf = (i: number): Buffer => bodies[i % bodies.length] ?? Buffer.alloc(0);

function list(url: URL, response: ServerResponse): void {
  const after = url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after');
  const from = after === null ? 0 : Number(/(\d{9})/.exec(after)?.[1]) + 1;
  const to = Math.min(shape.objects, from + PAGE);
  const contents: string[] = [];
  for (let i = from; i < to; i += 1)
    contents.push(
      `<Contents><Key>${keyOf(i)}</Key><LastModified>${modified}</LastModified><ETag>${etagOf(i)}</ETag><Size>${bodyOf(i).length}</Size></Contents>`,
    );
  const more = to < shape.objects;
  const next = more ? `<NextContinuationToken>${keyOf(to - 1)}</NextContinuationToken>` : '';
  response
    .setHeader('content-type', 'application/xml')
    .end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`);
}

function get(key: string, response: ServerResponse): void {
  const i = Number(/(\d{9})/.exec(key)?.[1]);
  tally.gets += 1;
  tally.bytes += bodyOf(i).length;
  response.setHeader('etag', etagOf(i)).setHeader('last-modified', new Date(modified).toUTCString());
  response.setHeader('content-length', bodyOf(i).length).end(bodyOf(i));
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname === '/_tally') response.end(JSON.stringify(tally));
  else if (url.searchParams.has('list-type')) list(url, response);
  else get(decodeURIComponent(url.pathname), response);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit()).resume();
