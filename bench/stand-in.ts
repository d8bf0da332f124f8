/**
 * Stands in for S3 and for a cluster, in a process of its own, as fast as can be: a bucket of generated objects, and an
 * engine that answers every bulk request with success. For measuring the connector, not for testing it.
 *
 * argv: --objects N --events N (per object) --form gz|json. Prints its port on stdout; POST /_forget makes it count anew.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SAMPLE_SEED, sampleEvents } from '../src/sample/events.js';

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '200' },
    events: { type: 'string', default: '1000' },
    form: { type: 'string', default: 'gz' },
  },
});
const PAGE = 1000;
/** So many different objects are kept in memory; the others are the same bytes under other keys. */
const DIFFERENT = 1000;
const objectCount = Number(values.objects);
const eventCount = Number(values.events);
const bodies = makeBodies();
const modified = new Date(Date.now() - 3_600_000).toISOString();
const tally = { documents: 0, requests: 0, gets: 0 };

function makeBodies(): Buffer[] {
  const count = Math.min(DIFFERENT, objectCount);
  const events = sampleEvents({ seed: SAMPLE_SEED, count: count * eventCount, end: new Date('2026-01-01T00:00:00Z') });
  return Array.from({ length: count }, () => {
    const text = Buffer.from(Array.from({ length: eventCount }, () => events.next().value as string).join('\n'));
    return values.form === 'gz' ? gzipSync(text) : text;
  });
}

const keyOf = (i: number): string => `CloudConnexa/${String(i).padStart(9, '0')}.${values.form}`;
const etagOf = (i: number): string => `"${i.toString(16).padStart(32, '0')}"`;
const bodyOf = (i: number): Buffer => bodies[i % bodies.length] ?? Buffer.alloc(0);

function list(url: URL, response: ServerResponse): void {
  const after = url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after');
  const from = after === null ? 0 : Number(/(\d{9})/.exec(after)?.[1]) + 1;
  const to = Math.min(objectCount, from + PAGE);
  const contents: string[] = [];
  for (let i = from; i < to; i += 1)
    contents.push(
      `<Contents><Key>${keyOf(i)}</Key><LastModified>${modified}</LastModified><ETag>${etagOf(i)}</ETag><Size>${bodyOf(i).length}</Size></Contents>`,
    );
  const more = to < objectCount;
  const next = more ? `<NextContinuationToken>${keyOf(to - 1)}</NextContinuationToken>` : '';
  response
    .setHeader('content-type', 'application/xml')
    .end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`);
}

function get(key: string, response: ServerResponse): void {
  const i = Number(/(\d{9})/.exec(key)?.[1]);
  tally.gets += 1;
  response.setHeader('etag', etagOf(i)).setHeader('last-modified', new Date(modified).toUTCString());
  response.setHeader('content-length', bodyOf(i).length).end(bodyOf(i));
}

/** Answers as the engine does with a filter that leaves out everything but errors. */
function bulk(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  let lines = 0;
  for (let at = plain.indexOf(10); at !== -1; at = plain.indexOf(10, at + 1)) lines += 1;
  tally.documents += lines / 2;
  tally.requests += 1;
  const items = `{"create":{"status":201}},`.repeat(lines / 2).slice(0, -1);
  response.end(`{"errors":false,"items":[${items}]}`);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname.startsWith('/bucket')) {
    if (url.searchParams.has('list-type')) list(url, response);
    else get(decodeURIComponent(url.pathname), response);
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json').setHeader('x-elastic-product', 'Elasticsearch');
    if (url.pathname === '/_bulk') return bulk(request, Buffer.concat(parts), response);
    if (url.pathname === '/_tally') return response.end(JSON.stringify(tally));
    if (url.pathname === '/') return response.end('{"version":{"number":"9.5.3","build_flavor":"default"}}');
    return response.writeHead(url.pathname.startsWith('/_index_template') ? 200 : 400).end('{}');
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit()).resume();
