import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { compiled } from '../../bench/compiled.js';
import { readCheckpoint, type CheckpointEntry } from '../../src/checkpoint.js';
import { packagePath } from '../../src/package-root.js';
import type { RejectRecord } from '../../src/record.js';
import { beginsAs, lookAt, readIdentity } from '../../src/source/identity.js';
import { DoneSet, type DoneByHour } from '../../src/source/s3/done-set.js';
import { digestOf } from '../../src/source/s3/listing.js';
import { come } from './come.js';
import type { Keeper } from './keeper.js';
import type { Lane } from './lane.js';
import type { SetAside } from './ledger.js';

/** Where a subject works. */
export interface Site {
  readonly folder: string;
  readonly namespace: string;
  readonly url: string;
  /** The folder that is read. */
  readonly events: string;
  readonly dataDir: string;
  /** The most events of a batch. */
  readonly batchEvents: number;
  /** Further inputs of the connector. */
  readonly inputs: readonly object[];
}

/** What is put to the test: the connector, or what it is compared with. */
export interface Subject {
  readonly name: string;
  /** Writes its configuration. @returns the arguments of node; the last one is for going on, in its place come others. */
  prepare(site: Site): Promise<readonly string[]>;
  /** A life that began then, in milliseconds since 1970, has taken its data_dir. */
  hasBegun(site: Site, bornMs: number): Promise<boolean>;
  /** Has noted that the file is finished up to this size. */
  finished(site: Site, path: string, size: number): Promise<boolean>;
  /** Has noted that an object of the bucket that is listed is finished, in this version. */
  objectFinished(site: Site, key: string, body: Buffer): Promise<boolean>;
  /** Starts another one on the same data_dir: true when that refused as it must. */
  intrude(lane: Lane): Promise<boolean>;
  setAside(site: Site, keeper: Keeper): Promise<SetAside[]>;
  /** Ships again what was set aside, where it can. */
  replay(keeper: Keeper): Promise<void>;
  /** Reads its inputs to their ends. @returns whether it ended well. */
  finish(keeper: Keeper): Promise<boolean>;
}

/** As they are on disk; none while they cannot be read. */
async function entriesIn(dataDir: string): Promise<CheckpointEntry[]> {
  return [...(await readCheckpoint(dataDir).catch(() => new Map<string, never>())).values()];
}

/** The engine may be away, or refuse it. */
export const FIRST_REQUEST_MS = 90_000;
const INTRUDER_MS = 30_000;
/** A position is behind an event, and before what ends its line. */
const LINE_FEED = 1;

export const connector: Subject = {
  name: 'cloudconnexa-ecs',
  async prepare({ folder, namespace, url, events, dataDir, inputs, batchEvents }) {
    const config = {
      output: {
        ...{ hosts: [url], namespace, request_timeout_s: 3, max_in_flight: 3 },
        ...{
          batch: { max_events: batchEvents, max_age_s: 0.2 },
          retry: { initial_ms: 20, max_s: 0.5, auth_wait_s: 0.3 },
        },
      },
      inputs: [{ type: 'file', paths: [join(events, '*')], poll_interval_s: 0.4 }, ...inputs],
      data_dir: dataDir,
      shutdown_timeout_s: 2,
    };
    await writeFile(join(folder, 'cloudconnexa-ecs.yml'), stringify(config), { mode: 0o600 });
    return [packagePath('dist/cli.js'), 'run'];
  },
  async hasBegun({ dataDir }, bornMs) {
    // Of the file system: the process's own clock may be wrong.
    const { ctimeMs } = await stat(join(dataDir, 'run.lock')).catch(() => ({ ctimeMs: 0 }));
    return ctimeMs >= bornMs;
  },
  async finished({ dataDir }, path, size) {
    const look = await lookAt(path);
    return (await entriesIn(dataDir)).some(({ position, identity }) => {
      const known = readIdentity(identity);
      // A file that is gone may have had the same inode.
      const isSame = known !== undefined && known.ino === look?.ino && beginsAs(look, known);
      return isSame && position.offset >= size - LINE_FEED;
    });
  },
  async objectFinished({ dataDir }, key, body) {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const sets = (await entriesIn(dataDir)).map(({ identity }) => identity?.['done'] as DoneByHour | undefined);
    return sets.some((done) => done !== undefined && new DoneSet(done).has(digestOf({ key, etag })));
  },
  async intrude({ keeper, proxy }) {
    // Before the first has begun, the second would be the first.
    if (!(await come(() => (proxy.times.at(-1) ?? 0) >= keeper.bornMs, FIRST_REQUEST_MS))) return false;
    const { lives, deaths } = keeper;
    const died = deaths.length;
    const second = await keeper.beside(INTRUDER_MS);
    // The first has ended meanwhile: there was none for the second to meet.
    if (second === undefined || keeper.lives !== lives || deaths.length > died) return false;
    const { code, stderr } = second;
    if (code === 1 && /^error CCX_DATA_DIR_LOCKED: /m.test(stderr)) return true;
    throw new Error(`a second one on its data_dir was not refused: ${code} ${stderr.slice(-500)}`);
  },
  async setAside(_, keeper) {
    const { code, stdout } = await keeper.once(['reject', 'list', '--json']);
    if (code !== 0) throw new Error(`reject list ended with ${code}`);
    const records = stdout.split('\n').filter((line) => line !== '');
    return records.map((line) => {
      const { document_id: id, event: text, status, reason, detail } = JSON.parse(line) as RejectRecord;
      return { id, text, status, reason: `${reason}: ${detail}` };
    });
  },
  async replay(keeper) {
    const { code } = await keeper.once(['reject', 'replay']);
    // 3: what is no event stays.
    if (code !== 0 && code !== 3) throw new Error(`reject replay ended with ${code}`);
  },
  async finish(keeper) {
    const { code } = await keeper.once(['run', '--once']);
    return code === 0 || code === 3;
  },
};

interface Dropped {
  readonly id?: string;
  readonly text?: string;
  readonly status: number;
  readonly reason?: string;
}

/** A line that a kill cut off, with what was written behind it, tells nothing of an event any more. */
function readDropped(line: string): SetAside[] {
  try {
    const { reason = '', ...dropped } = JSON.parse(line) as Dropped;
    return [{ ...dropped, reason }];
  } catch {
    return [];
  }
}

/** The stock bulk helper in a careful loop, with its files in its data_dir. */
export const stockHelper: Subject = {
  name: 'stock helpers.bulk',
  async prepare({ folder, namespace, url, events, dataDir }) {
    const [state, dropped] = [join(dataDir, 'positions.json'), join(dataDir, 'dropped.jsonl')];
    await writeFile(join(folder, 'config.json'), JSON.stringify({ url, namespace, events, state, dropped }));
    return [await compiled('helpers-bulk.ts'), join(folder, 'config.json'), '--on'];
  },
  hasBegun: () => Promise.resolve(true),
  async finished({ dataDir }, path, size) {
    const { ino } = await stat(path);
    const text = await readFile(join(dataDir, 'positions.json'), 'utf8').catch(() => '{}');
    const offset = (JSON.parse(text) as Record<string, { offset: number }>)[ino]?.offset ?? 0;
    // Beyond its end: of a file that is gone and had the same inode.
    return offset >= size - LINE_FEED && offset <= size;
  },
  objectFinished: () => Promise.resolve(false),
  intrude: () => Promise.resolve(false),
  async setAside({ dataDir }) {
    const text = await readFile(join(dataDir, 'dropped.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').flatMap(readDropped);
  },
  replay: () => Promise.resolve(),
  async finish(keeper) {
    return (await keeper.once(['--once'])).code === 0;
  },
};
