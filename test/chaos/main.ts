/**
 * Faults by the script of a seed, against the built connector before a real engine; at the end a table of them and of what
 * became of every event. Exit 0 only when none is missing, none is there twice, and every fault ended as it must.
 *
 * npm run chaos -- [--seed S] [--minutes M] [--engine E] [--shape NAME] [--kills N] [--rate N] [--baseline] [--markdown]
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { engineCatalog, engineSpec, startEngine } from '../../src/engine/index.js';
import { packagePath } from '../../src/package-root.js';
import { report } from './report.js';
import { commandOf, runChaos, type ChaosOptions } from './run.js';
import { isShape, shapes } from './shapes.js';

const KILLS_A_MINUTE = 20;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '2' },
    engine: { type: 'string', default: engineCatalog[0]?.id ?? '' },
    shape: { type: 'string', default: 'all' },
    kills: { type: 'string' },
    rate: { type: 'string', default: '100' },
    baseline: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});

const spec = engineSpec(values.engine);
const tell = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
const options = readOptions();
const engine = await startEngine(spec.id, { onProgress: tell });
try {
  await promisify(execFile)(process.execPath, [
    packagePath('dist/cli.js'),
    'setup',
    '-s',
    `output.hosts=${engine.url}`,
  ]);
  const again = commandOf(options, spec.id);
  tell(`${spec.name}: ${again}`);
  const result = await runChaos(engine, options);
  const { version } = process;
  const heading = `${new Date().toISOString().slice(0, 10)}, ${spec.name}, Node.js ${version}: \`${again}\``;
  process.stdout.write(`${heading}\n\n${report(result, values.markdown)}\n`);
  const failures = result.lanes[0]?.failures ?? ['there is no lane'];
  if (failures.length > 0) {
    const examples = result.lanes[0]?.account.examples ?? [];
    process.stderr.write(`\nFAILED\n  ${[...failures, ...examples].join('\n  ')}\n`);
    process.stderr.write(`\nAgain: ${again}\nWhat it left: ${result.folder}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`\nFAILED by itself. Again: ${commandOf(options, spec.id)}\n`);
  throw error;
} finally {
  await engine.stop();
}

function readOptions(): ChaosOptions {
  const { shape } = values;
  if (!isShape(shape)) throw new RangeError(`There is no shape '${shape}': ${Object.keys(shapes).join(', ')}`);
  const minutes = Number(values.minutes);
  return {
    ...{ seed: Number(values.seed), minutes, shape, namespace: 'chaos', tell },
    ...{ eventsPerSecond: Number(values.rate), baseline: values.baseline },
    kills: Number(values.kills ?? Math.round(minutes * KILLS_A_MINUTE)),
  };
}
