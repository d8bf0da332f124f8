import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './cases.js';
import { commandOf, type Bench } from './commands.js';
import { runNode } from './run-node.js';
import type { Tally } from './sink/start.js';
import type { Usage } from './usage.js';

/** What one run of one case took, and what the sink saw of it. */
export interface Run extends Usage {
  readonly sink: Tally;
}

/** Runs a case once, in a process of its own. @throws when it fails, or the sink did not get each event once. */
export async function measure(one: Case, bench: Bench): Promise<Run> {
  const cwd = join(bench.folder, 'run');
  await mkdir(cwd);
  const command = await commandOf(one, bench, cwd);
  await bench.sink.tally();
  const usage = await runNode(command, cwd);
  const sink = await bench.sink.tally();
  await rm(cwd, { recursive: true });
  const { events } = bench.dataset;
  const isWhole = one.subject === 'prebuilt' ? sink.items >= events : sink.items === events;
  if (!isWhole) throw new Error(`${one.name}: the sink got ${sink.items} events instead of ${events}`);
  return { ...usage, sink };
}
