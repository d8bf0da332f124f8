import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../commands.js';
import { compiled } from '../compiled.js';
import { spread, type Spread } from '../figures.js';
import type { StageMicros, StagesJob } from './measure.js';

export interface StageTime {
  readonly name: string;
  /** CPU time an event. */
  readonly micros: Spread;
}

/** What each of the connector's stages, or decoding each format, takes, in a process of its own. */
export async function measureStages(
  what: StagesJob['what'],
  { folder, dataset, sink }: Bench,
  rounds: number,
): Promise<StageTime[]> {
  const job: StagesJob = { what, url: sink.url, folders: dataset.folders, folder: join(folder, 'stages'), rounds };
  const args = [await compiled('stages/measure.ts'), JSON.stringify(job)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return (JSON.parse(stdout) as StageMicros[]).map(({ name, micros }) => ({ name, micros: spread(micros) }));
}
