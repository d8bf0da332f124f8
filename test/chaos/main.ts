/**
 * Faults by the script of a seed, against the built connector before a real engine; at the end a table of them and of what
 * became of every event. Exit 0 only when none is missing, none is there twice, and every fault ended as it must.
 *
 * A signal ends it, with all that it has started: exit 128 and the signal's number. A second one ends it at once.
 *
 * npm run chaos -- [--seed S] [--minutes M] [--engine E] [--shape NAME] [--kills N] [--rate N] [--baseline] [--markdown]
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import { engineSpec, startEngine } from '../../src/engine/index.js';
import { packagePath } from '../../src/package-root.js';
import { readOptions } from './options.js';
import { report } from './report.js';
import { commandOf, runChaos, type ChaosOptions } from './run.js';

const { engine: id, markdown, ...wanted } = readOptions(process.argv.slice(2));
const spec = engineSpec(id);
const tell = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(name));
const options: ChaosOptions = { ...wanted, namespace: 'chaos', tell, signal: stop.signal };
const engine = await startEngine(spec.id, { onProgress: tell });
try {
  await run();
} catch (error) {
  if (!stop.signal.aborted) {
    process.stderr.write(`\nFAILED by itself. Again: ${commandOf(options, spec.id)}\n`);
    throw error;
  }
  tell('stopping');
} finally {
  await engine.stop();
}
// What was under way at a signal would keep this process alive.
if (stop.signal.aborted) process.exit(128 + constants.signals[stop.signal.reason as NodeJS.Signals]);

async function run(): Promise<void> {
  const setup = [packagePath('dist/cli.js'), 'setup', '-s', `output.hosts=${engine.url}`];
  await promisify(execFile)(process.execPath, setup);
  const again = commandOf(options, spec.id);
  tell(`${spec.name}: ${again}`);
  const result = await runChaos(engine, options);
  const { lanes, folder } = result;
  const heading = `${new Date().toISOString().slice(0, 10)}, ${spec.name}, Node.js ${process.version}: \`${again}\``;
  process.stdout.write(`${heading}\n\n${report(result, markdown)}\n`);
  const { failures = ['there is no lane'], account } = lanes[0] ?? {};
  if (failures.length === 0) return;
  process.stderr.write(`\nFAILED\n  ${[...failures, ...(account?.examples ?? [])].join('\n  ')}\n`);
  process.stderr.write(`\nAgain: ${again}\nWhat it left: ${folder}\n`);
  process.exitCode = 1;
}
