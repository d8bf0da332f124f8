import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings } from '../src/config/settings.js';
import { packagePath } from '../src/package-root.js';
import { hasWorkers, type Case } from './cases.js';
import { compiled } from './compiled.js';
import type { Dataset } from './dataset.js';
import { runNode } from './run-node.js';
import type { BulkLoopConfig } from './helpers-bulk.js';
import type { Sink } from './sink/start.js';
import type { Job } from './subject/bulk.js';

/** What all cases share. */
export interface Bench {
  /** A temporary one. */
  readonly folder: string;
  readonly dataset: Dataset;
  readonly sink: Sink;
}

/** The arguments of node that run a case; what it needs beside them is written into `cwd`. */
export async function commandOf(one: Case, bench: Bench, cwd: string): Promise<readonly string[]> {
  switch (one.subject) {
    case 'ours':
    case 'ours-2':
      await cp(await settledDataDir(bench), join(cwd, 'data'), { recursive: true });
      return connector(cwd, configOf(bench, join(bench.dataset.folders[one.form], '*'), one));
    case 'helper':
      await writeFile(join(cwd, 'config.json'), JSON.stringify(helperConfigOf(one, bench, cwd)));
      return [await compiled('helpers-bulk.ts'), 'config.json', '--once'];
    case 'raw':
    case 'split':
    case 'naive':
    case 'prebuilt':
      return [await compiled(`subject/${one.subject}.ts`), JSON.stringify(jobOf(one, bench))];
  }
}

async function connector(cwd: string, config: object): Promise<readonly string[]> {
  await writeFile(join(cwd, 'cloudconnexa-ecs.yml'), JSON.stringify(config));
  return [packagePath('dist/cli.js'), 'run', '--once'];
}

/**
 * A `data_dir` as a clean run has left it. With an empty one, as after a crash, the connector asks the cluster for each event
 * before it sends it.
 */
async function settledDataDir(bench: Bench): Promise<string> {
  const cwd = join(bench.folder, 'settled');
  if ((await mkdir(cwd, { recursive: true })) !== undefined)
    await runNode(await connector(cwd, configOf(bench, join(cwd, 'none', '*'))), cwd);
  return join(cwd, 'data');
}

function configOf({ sink }: Bench, path: string, one?: Case): object {
  return {
    output: { hosts: [sink.url], gzip: one?.wire === 'gzip' },
    inputs: [{ type: 'file', paths: [path] }],
    data_dir: 'data',
    ...(hasWorkers && { workers: one?.subject === 'ours-2' ? 2 : 1 }),
  };
}

function helperConfigOf({ form, wire }: Case, { dataset, sink }: Bench, cwd: string): BulkLoopConfig {
  return {
    ...{ url: sink.url, namespace: 'default', gzip: wire === 'gzip', events: dataset.folders[form] },
    ...{ state: join(cwd, 'positions.json'), dropped: join(cwd, 'dropped.jsonl') },
  };
}

function jobOf({ form, wire }: Case, { dataset, sink }: Bench): Job {
  return {
    ...{ url: sink.url, folder: dataset.folders[form], events: dataset.events, gzip: wire === 'gzip' },
    maxBytes: settings['output.batch.max_bytes'].default,
    inFlight: settings['output.max_in_flight'].default,
  };
}
