import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { gunzip } from '../../src/decode/gunzip.js';
import { Pull } from '../../src/decode/pull.js';
import { documentId } from '../../src/map/id.js';
import { epochMillis } from '../../src/map/timestamp.js';
import { sendBulk } from '../../src/send.js';
import { createClient } from '../../src/target/client.js';
import { batchAll, decoded, read, replayed, type Material } from './material.js';
import { readFiles } from './read-files.js';
import type { StagesJob } from './measure.js';

/** A stage of the connector, or some that can't be run apart. */
export interface Stage {
  readonly name: string;
  run(): Promise<void> | void;
  /** Stages that `run` does, too; their time is taken off. */
  readonly less?: readonly string[];
}

const compress = promisify(gzip);

/** In the order in which an event goes through them; `instead` is what is done with one that has to be parsed. */
export function stagesOf(material: Material, job: StagesJob): readonly Stage[] {
  const { plain, gzipped, events, batches, mapper, validate, context } = material;
  const client = createClient({ hosts: [job.url], request_timeout_s: 60, gzip: false });
  return [
    { name: 'read', run: () => readFiles(material.paths, job.folder) },
    {
      name: 'gunzip',
      async run() {
        for (const pieces of gzipped) await drain(gunzip(new Pull(replayed(pieces))));
      },
    },
    {
      name: 'recognize, map and serialise',
      less: ['id'],
      async run() {
        for (const pieces of plain) for await (const found of read(material, pieces)) void found;
      },
    },
    {
      name: 'id',
      run() {
        for (const { buffer, value } of events) documentId(buffer, epochMillis(value['timestamp'] as string));
      },
    },
    {
      name: 'instead: find events',
      less: ['instead: parse'],
      async run() {
        for (const pieces of plain) await drain(decoded(pieces));
      },
    },
    {
      name: 'instead: parse',
      run() {
        for (const { text } of events) JSON.parse(text);
      },
    },
    {
      name: 'instead: validate',
      run() {
        for (const { value } of events) validate(value);
      },
    },
    {
      name: 'instead: map',
      less: ['instead: validate', 'id'],
      run() {
        for (const event of events) mapper.map(event, validate, context);
      },
    },
    { name: 'instead: serialise', run: () => batchAll(material, (batch, batcher) => batcher.release(batch)) },
    {
      name: 'compress',
      async run() {
        for (const { body } of batches) await compress(body, { level: constants.Z_BEST_SPEED });
      },
    },
    {
      name: 'send',
      async run() {
        const { signal } = new AbortController();
        for (const batch of batches) {
          const { outcome } = await sendBulk(batch, { client, gzip: false, deadlineMs: 60_000 }, signal);
          if (outcome.kind !== 'answered') throw new Error(`the sink: ${outcome.kind}`);
        }
      },
    },
  ];
}

async function drain(items: AsyncIterator<unknown>): Promise<void> {
  while ((await items.next()).done !== true);
}
