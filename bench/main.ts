/**
 * What the connector costs beside loops that do less: `npm run bench`. Rounds alternate between the cases, so that a change of
 * the machine's speed meets all; each run is a process of its own, and void unless the sink got every event.
 * What is measured and how to read it: docs/performance.md; options: `options.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from './cases.js';
import type { Bench } from './commands.js';
import { writeDataset } from './dataset.js';
import { checkFloor, recordFloor } from './floor.js';
import { measureEngine } from './engine/main.js';
import { machine } from './machine.js';
import { measure, type Run } from './measure.js';
import { readOptions } from './options.js';
import { asJson, asText, type Measured } from './report.js';
import { startSink } from './sink/start.js';
import { measureStages } from './stages/start.js';

const options = readOptions(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-bench-'));
const sink = await startSink();
try {
  const measured = await measureAll();
  console.log(options.json ? asJson(measured) : asText(measured));
  if (options.floor === 'record') console.error(await recordFloor(measured.results));
  if (options.floor === 'check') console.error(await checkFloor(measured.results));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await sink.stop();
  await rm(folder, { recursive: true });
}

async function measureAll(): Promise<Measured> {
  const { rounds, parts } = options;
  const where = machine();
  const dataset = await writeDataset(folder, options.events);
  const bench: Bench = { folder, dataset, sink };
  const results = await runRounds(bench);
  const stages = parts.includes('stages') ? await measureStages('stages', bench, rounds) : [];
  const formats = parts.includes('formats') ? await measureStages('formats', bench, rounds) : [];
  const engine = await measureEngine(options, bench, (text) => console.error(text));
  return { machine: where, events: dataset.events, bytes: dataset.bytes, rounds, results, stages, formats, ...engine };
}

async function runRounds(bench: Bench): Promise<Map<Case, Run[]>> {
  const results = new Map<Case, Run[]>(options.cases.map((one) => [one, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [one, runs] of results) {
      const run = await measure(one, bench);
      runs.push(run);
      const rate = Math.round(run.sink.items / run.cpuSeconds).toLocaleString('en');
      console.error(`${round}/${options.rounds} ${one.name}: ${rate} events per CPU-second`);
    }
  }
  return results;
}
