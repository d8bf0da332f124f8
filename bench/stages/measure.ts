/**
 * Runs the connector's stages one by one in one process, each on what the one before it made of the same events, which is
 * kept in memory; rounds alternate between them, and the first does not count. Argument: a `StagesJob` as JSON; prints `StageMicros[]`.
 */
import type { Dataset } from '../dataset.js';
import { formatsOf } from './formats.js';
import { stagesOf, type Stage } from './list.js';
import { makeMaterial } from './material.js';

export interface StagesJob {
  /** Stages of the connector, or decoding of each format. */
  readonly what: 'stages' | 'formats';
  readonly url: string;
  readonly folders: Dataset['folders'];
  /** A temporary one. */
  readonly folder: string;
  readonly rounds: number;
}

/** CPU time of a stage in microseconds per event, one of each round. */
export interface StageMicros {
  readonly name: string;
  readonly micros: number[];
}

const job = JSON.parse(process.argv[2] ?? '') as StagesJob;
const material = await makeMaterial(job.folders);
const stages = job.what === 'stages' ? stagesOf(material, job) : formatsOf(material);
const results: readonly StageMicros[] = stages.map(({ name }) => ({ name, micros: [] }));
for (let round = 0; round <= job.rounds; round++) {
  const micros = await runAll();
  if (round > 0) for (const [i, { micros: kept }] of results.entries()) kept.push(ownTime(i, micros));
}
console.log(JSON.stringify(results));
process.exit();

async function runAll(): Promise<Map<string, number>> {
  const micros = new Map<string, number>();
  for (const stage of stages) micros.set(stage.name, await timed(stage));
  return micros;
}

async function timed(stage: Stage): Promise<number> {
  const before = process.cpuUsage();
  await stage.run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / material.events.length;
}

function ownTime(i: number, micros: ReadonlyMap<string, number>): number {
  const { name, less = [] } = stages[i] as Stage;
  return less.reduce((time, one) => time - (micros.get(one) ?? 0), micros.get(name) ?? 0);
}
