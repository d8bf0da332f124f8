import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { stringify } from 'yaml';
import { readCheckpoint } from '../../src/checkpoint.js';
import { packagePath } from '../../src/package-root.js';
import type { RejectRecord } from '../../src/record.js';
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
  /** Further inputs of the connector. */
  readonly inputs: readonly object[];
}

/** What is put to the test: the connector, or what it is compared with. */
export interface Subject {
  readonly name: string;
  /** Writes its configuration. @returns the arguments of node; the last one is for going on, in its place come others. */
  prepare(site: Site): Promise<readonly string[]>;
  /** Has noted that the file is finished up to this size. */
  finished(site: Site, path: string, size: number): Promise<boolean>;
  /** Starts another one on the same data_dir: true when that refused as it must. */
  intrude(lane: Lane): Promise<boolean>;
  setAside(site: Site, keeper: Keeper): Promise<SetAside[]>;
  /** Ships again what was set aside, where it can. */
  replay(keeper: Keeper): Promise<void>;
  /** Reads its inputs to their ends. @returns whether it ended well. */
  finish(keeper: Keeper): Promise<boolean>;
}

const INTRUDER_MS = 30_000;
/** A position is behind an event, and before what ends its line. */
const LINE_FEED = 1;

export const connector: Subject = {
  name: 'cloudconnexa-ecs',
  async prepare({ folder, namespace, url, events, dataDir, inputs }) {
    const config = {
      output: {
        ...{ hosts: [url], namespace, request_timeout_s: 3, max_in_flight: 3 },
        ...{ batch: { max_events: 200, max_age_s: 0.2 }, retry: { initial_ms: 20, max_s: 0.5, auth_wait_s: 0.3 } },
      },
      inputs: [{ type: 'file', paths: [join(events, '*')], poll_interval_s: 0.4 }, ...inputs],
      data_dir: dataDir,
      shutdown_timeout_s: 2,
    };
    await writeFile(join(folder, 'cloudconnexa-ecs.yml'), stringify(config));
    return [packagePath('dist/cli.js'), 'run'];
  },
  async finished({ dataDir }, path, size) {
    const { ino } = await stat(path);
    const entries = await readCheckpoint(dataDir).catch(() => new Map<string, never>());
    return [...entries.values()].some(
      ({ position, identity }) => identity?.['ino'] === String(ino) && position.offset >= size - LINE_FEED,
    );
  },
  async intrude({ keeper, proxy }) {
    // Before the first has begun, the second would be the first.
    if (!(await come(() => (proxy.times.at(-1) ?? 0) >= keeper.bornMs, INTRUDER_MS))) return false;
    const { lives } = keeper;
    const { code, stderr } = await keeper.beside(INTRUDER_MS);
    if (/CCX_DATA_DIR_LOCKED/.test(stderr) && code !== 0) return true;
    if (keeper.lives !== lives) return false;
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

/** One file of code, compiled as the command line is. @returns its path, below the package for the sake of its imports. */
async function compiled(path: string): Promise<string> {
  const outfile = packagePath('node_modules/.cache/cloudconnexa-ecs/helpers-bulk.mjs');
  const { code } = await transform(await readFile(packagePath(path), 'utf8'), { loader: 'ts', format: 'esm' });
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, code.replaceAll('../src/', `${pathToFileURL(packagePath('dist')).href}/`));
  return outfile;
}

interface Dropped {
  readonly id?: string;
  readonly text?: string;
  readonly status: number;
  readonly reason?: string;
}

/** The stock bulk helper in a careful loop, with its files in its data_dir. */
export const stockHelper: Subject = {
  name: 'stock helpers.bulk',
  async prepare({ folder, namespace, url, events, dataDir }) {
    const [state, dropped] = [join(dataDir, 'positions.json'), join(dataDir, 'dropped.jsonl')];
    await writeFile(join(folder, 'config.json'), JSON.stringify({ url, namespace, events, state, dropped }));
    return [await compiled('bench/helpers-bulk.ts'), join(folder, 'config.json'), '--on'];
  },
  async finished({ dataDir }, path, size) {
    const { ino } = await stat(path);
    const text = await readFile(join(dataDir, 'positions.json'), 'utf8').catch(() => '{}');
    return ((JSON.parse(text) as Record<string, { offset: number }>)[ino]?.offset ?? 0) >= size - LINE_FEED;
  },
  intrude: () => Promise.resolve(false),
  async setAside({ dataDir }) {
    const text = await readFile(join(dataDir, 'dropped.jsonl'), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
    return lines.map((line) => {
      const { reason = '', ...dropped } = JSON.parse(line) as Dropped;
      return { ...dropped, reason };
    });
  },
  replay: () => Promise.resolve(),
  async finish(keeper) {
    return (await keeper.once(['--once'])).code === 0;
  },
};
