/**
 * What the sink can take: bulk bodies as the connector makes them, made beforehand and sent again and again, until there were
 * as many events as in the files. What that takes is the price of sending alone.
 */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Batch } from '../../src/batch.js';
import { createDocuments } from '../documents.js';
import { Bulk, readJob } from './bulk.js';
import { linesOf } from './lines.js';

/** So many different ones. */
const BODIES = 8;

const job = readJob();
const batches = await batchesOf(job.folder);
const compress = promisify(gzip);
const plain = batches.map(({ body }) => body);
const packed = plain.map((body) => compress(body, { level: constants.Z_BEST_SPEED }));
const bodies = job.gzip ? await Promise.all(packed) : plain;
const bulk = new Bulk(job);
await bulk.ready();
for (let i = 0, left = job.events; left > 0; i = (i + 1) % batches.length) {
  await bulk.send(bodies[i] ?? Buffer.alloc(0));
  left -= batches[i]?.count ?? left;
}
await bulk.end();

async function batchesOf(folder: string): Promise<Batch[]> {
  const documents = createDocuments(job.maxBytes);
  const full: Batch[] = [];
  for await (const text of linesOf(folder)) {
    const closed = documents.add(text);
    if (closed !== undefined && full.push(closed) === BODIES) return full;
  }
  const last = documents.take();
  return last === undefined ? full : [...full, last];
}
