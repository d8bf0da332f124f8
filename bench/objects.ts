/**
 * What reading a bucket costs: the built command line, `run --once`, lists and reads objects from a stand-in for S3 and
 * sends to the sink, each in a process of its own. For each shape: events and compressed bytes per second and per CPU-second of
 * the connector once it has begun, its peak RSS, the size of its state, and the second run over the same bucket.
 *
 * npm run build && node --import tsx bench/objects.ts [--json]
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packagePath } from '../src/package-root.js';
import { startBucket, type Shape } from './bucket/start.js';
import { runNode } from './run-node.js';
import { startSink, type Sink } from './sink/start.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const shapes: readonly Shape[] = [
  { objects: 50_000, events: 5, form: 'gz' },
  { objects: 200, events: 1000, form: 'gz' },
  { objects: 200, events: 1000, form: 'json' },
];

const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-bench-'));
const sink = await startSink();
try {
  const rows = [];
  for (const shape of shapes) rows.push(await measure(shape, sink));
  console.log(values.json ? JSON.stringify(rows, null, 2) : rows.map(text).join('\n\n'));
} finally {
  await sink.stop();
  await rm(folder, { recursive: true });
}

async function measure(shape: Shape, sink: Sink) {
  const bucket = await startBucket(shape);
  const cwd = join(folder, 'run');
  const connector = [packagePath('dist/cli.js'), 'run', '--once'];
  try {
    await mkdir(cwd);
    await writeFile(join(cwd, 'cloudconnexa-ecs.yml'), JSON.stringify(configOf(bucket.url)));
    await sink.tally();
    const first = await runNode(connector, cwd);
    const state = await stat(join(cwd, 'data', 'checkpoint.json'));
    const second = await runNode(connector, cwd);
    const total = shape.objects * shape.events;
    const { items } = await sink.tally();
    const { gets, bytes } = await bucket.tally();
    if (items !== total || gets !== shape.objects) throw new Error(`${items} events of ${gets} objects arrived`);
    return { ...shape, total, storedBytes: bytes, first, second, stateBytes: state.size };
  } finally {
    await bucket.stop();
    await rm(cwd, { recursive: true });
  }
}

function configOf(endpoint: string): object {
  const keys = { access_key_id: 'bench', secret_access_key: 'bench', region: 'eu-central-1' };
  return {
    output: { hosts: [sink.url] },
    inputs: [{ type: 's3', bucket: 'bucket', endpoint, path_style: true, ...keys }],
    data_dir: 'data',
  };
}

function text(row: Awaited<ReturnType<typeof measure>>): string {
  const { objects, events, form, total, storedBytes, first, second, stateBytes } = row;
  const per = (amount: number, seconds: number): string => Math.round(amount / seconds).toLocaleString('en');
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  return [
    `${objects.toLocaleString('en')} objects of ${events} events, ${form}, ${mib(storedBytes)} MiB as stored`,
    `  events/s ${per(total, first.wallSeconds)}, per CPU-second ${per(total, first.cpuSeconds)}; stored MiB/s ${mib(storedBytes / first.wallSeconds)}`,
    `  ${first.wallSeconds.toFixed(1)} s, ${first.cpuSeconds.toFixed(1)} CPU-s, peak RSS ${first.peakMiB.toFixed(0)} MiB, state ${stateBytes.toLocaleString('en')} bytes`,
    `  again, with nothing new: ${second.wallSeconds.toFixed(1)} s, peak RSS ${second.peakMiB.toFixed(0)} MiB`,
  ].join('\n');
}
