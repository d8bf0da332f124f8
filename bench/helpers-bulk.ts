/**
 * What a careful user would write in an afternoon: reads files, maps events with this library, and stores them with the
 * stock bulk helper of @elastic/elasticsearch, with ids, `create`, more retries than its defaults, and a file for what it
 * drops. How far the files were read is kept when all of a pass is stored. `npm run chaos -- --baseline` and `npm run bench` compare the connector with it.
 *
 * Arguments: <config.json> [--once]. It reads files only, no bucket and no queue.
 */
import { channel } from 'node:diagnostics_channel';
import { createReadStream } from 'node:fs';
import { appendFile, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from '../src/decode.js';
import { createMapper, createValidator, mapContext } from '../src/index.js';
import type { Position } from '../src/record.js';
import { createClient } from '../src/target/client.js';

export interface BulkLoopConfig {
  readonly url: string;
  readonly namespace: string;
  /** Whether requests are compressed; they are when left out. */
  readonly gzip?: boolean;
  /** Folder with the files to read. */
  readonly events: string;
  /** File for the positions, by inode. */
  readonly state: string;
  /** File for what is dropped, one JSON object a line. */
  readonly dropped: string;
}

type Positions = Record<string, Position>;
const target = Symbol('index and id');
const limits = { maxEventBytes: 1_048_576, maxExpandedBytes: 1_073_741_824, rejectRawBytes: 1_048_576 };
const config = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as BulkLoopConfig;
const client = createClient({ hosts: [config.url], request_timeout_s: 10, gzip: config.gzip ?? true });
const mapper = createMapper({ namespace: config.namespace });
const validate = createValidator();
const drops: Promise<void>[] = [];
const drop = (dropped: object): void => void drops.push(appendFile(config.dropped, `${JSON.stringify(dropped)}\n`));
const isLast = process.argv.includes('--once');
/** Sizes of compressed files at the look before: one that still grows is left for later. */
const sizes = new Map<number, number>();

interface Addressed {
  readonly [target]: { readonly _index: string; readonly _id: string };
}

/** The events behind the positions, which are moved on. */
async function* documents(positions: Positions): AsyncGenerator<Addressed> {
  for (const name of await readdir(config.events)) {
    const path = join(config.events, name);
    const { ino, size } = await stat(path);
    const isPacked = name.endsWith('.gz');
    const known = positions[ino] ?? { offset: 0, arrayDepth: 0 };
    const isGrowing = isPacked && !isLast && sizes.get(ino) !== size && sizes.set(ino, size);
    if (isPacked ? positions[ino] !== undefined || isGrowing : known.offset === size) continue;
    const resume = isPacked || known.offset > size ? { offset: 0, arrayDepth: 0 } : known;
    const bytes = createReadStream(path, { start: resume.offset });
    for await (const pieces of decode(bytes, { resume, seeked: !isPacked, final: isPacked, ...limits })) {
      for (const piece of pieces) {
        positions[ino] = piece.end;
        if (piece.kind === 'event') {
          const { index, id, source } = mapper.map(piece, validate, mapContext(new Date()));
          yield { ...(JSON.parse(source) as object), [target]: { _index: index, _id: id } };
        } else drop({ text: piece.raw.toString(), status: 0 });
      }
    }
  }
}

channel('bench:ready').publish({});
let positions = await readFile(config.state, 'utf8').then(
  (text) => JSON.parse(text) as Positions,
  () => ({}),
);
do {
  const next: Positions = { ...positions };
  const stats = await client.helpers.bulk<Addressed>(
    {
      datasource: documents(next),
      onDocument: (document) => ({ create: document[target] }),
      onDrop: ({ status, operation, error }) =>
        status === 409
          ? undefined
          : drop({ id: 'create' in operation ? operation.create._id : '', status, reason: error?.reason }),
      ...{ retries: 10, wait: 1_000, concurrency: 3, flushBytes: 1_000_000 },
    },
    { maxRetries: 10 },
  );
  await Promise.all(drops.splice(0));
  await writeFile(`${config.state}.next`, JSON.stringify(next));
  await rename(`${config.state}.next`, config.state);
  positions = next;
  if (stats.total === 0) await sleep(500);
} while (!isLast);
await client.close();
