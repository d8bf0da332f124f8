/**
 * What reading a bucket costs: the built command line, `run --once`, lists and reads objects from a stand-in for S3 and
 * sends to a stand-in for a cluster (`stand-in.ts`), each in a process of its own. For each shape: events and compressed
 * bytes per second and per CPU-second of the connector, its peak RSS, the size of its state, the second run over the same
 * bucket, and the share of its CPU time that inflating the same bytes alone takes.
 *
 * npm run build && node --import tsx bench/objects.ts [--json]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzip } from '../src/decode/gunzip.js';
import { Pull } from '../src/decode/pull.js';
import { packagePath } from '../src/package-root.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const shapes = [
  { objects: 50_000, events: 5, form: 'gz' },
  { objects: 200, events: 1000, form: 'gz' },
  { objects: 200, events: 1000, form: 'json' },
] as const;

interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

type Shape = (typeof shapes)[number];

const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-bench-'));
try {
  const rows = [];
  for (const shape of shapes) rows.push(await measure(shape));
  console.log(values.json ? JSON.stringify(rows, null, 2) : rows.map(text).join('\n\n'));
} finally {
  await rm(folder, { recursive: true });
}

async function measure(shape: Shape) {
  const { objects, events, form } = shape;
  const args = ['--objects', String(objects), '--events', String(events), '--form', form];
  const standIn = spawn(process.execPath, ['--import', 'tsx', packagePath('bench/stand-in.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(standIn.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const work = await mkdtemp(join(folder, 'run-'));
    await writeFile(join(work, 'cloudconnexa-ecs.yml'), JSON.stringify(configOf(url)));
    const first = await connector(work);
    const state = await stat(join(work, 'data', 'checkpoint.json'));
    const second = await connector(work);
    const { documents, gets } = (await (await fetch(`${url}/_tally`, { method: 'POST' })).json()) as Record<
      string,
      number
    >;
    if (documents !== objects * events || gets !== objects)
      throw new Error(`${documents} documents of ${gets} objects arrived`);
    const bodies = await Promise.all(
      Array.from({ length: Math.min(objects, 1000) }, async (_, i) => {
        const answer = await fetch(`${url}/bucket/CloudConnexa/${String(i).padStart(9, '0')}.${form}`);
        return Buffer.from(await answer.arrayBuffer());
      }),
    );
    const repeats = objects / bodies.length;
    const wireBytes = bodies.reduce((sum, body) => sum + body.length, 0) * repeats;
    const inflate = form === 'gz' ? (await inflateSeconds(bodies)) * repeats : 0;
    return { ...shape, total: objects * events, wireBytes, first, second, stateBytes: state.size, inflate };
  } finally {
    standIn.stdin.end();
    await once(standIn, 'exit');
  }
}

function configOf(url: string): object {
  const keys = { access_key_id: 'bench', secret_access_key: 'bench', region: 'eu-central-1' };
  return {
    output: { hosts: [url] },
    inputs: [{ type: 's3', bucket: 'bucket', endpoint: url, path_style: true, ...keys }],
    data_dir: 'data',
  };
}

/** Runs the command line to its end; what it used is read from /proc, so Linux only. */
async function connector(cwd: string): Promise<Used> {
  const start = performance.now();
  const child = spawn(process.execPath, [packagePath('dist/cli.js'), 'run', '--once'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  let used = { cpuSeconds: 0, peakMiB: 0 };
  const watch = setInterval(() => void usedBy(child.pid ?? 0).then((now) => (used = now ?? used)), 50);
  const [code] = (await once(child, 'exit')) as [number];
  clearInterval(watch);
  if (code !== 0) throw new Error(`the connector ended with ${code}: ${stderr}`);
  return { seconds: (performance.now() - start) / 1000, ...used };
}

async function usedBy(pid: number): Promise<{ cpuSeconds: number; peakMiB: number } | undefined> {
  try {
    const [stat, status] = await Promise.all(
      ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    // Fields 14 and 15 of proc(5)'s stat, in ticks of 10 ms, counted behind the name in brackets.
    const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
    const peak = /VmHWM:\s+(\d+) kB/.exec(status ?? '')?.[1];
    if (peak === undefined) return undefined;
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, peakMiB: Number(peak) / 1024 };
  } catch {
    return undefined;
  }
}

/** CPU seconds of inflating each body, as the connector does it. */
async function inflateSeconds(bodies: readonly Buffer[]): Promise<number> {
  const before = process.cpuUsage();
  for (const body of bodies) {
    const inflated = gunzip(new Pull(piecesOf(body)));
    while ((await inflated.next()).done !== true);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function* piecesOf(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 64 * 1024) yield await Promise.resolve(body.subarray(at, at + 64 * 1024));
}

function text(row: Awaited<ReturnType<typeof measure>>): string {
  const { objects, events, form, total, wireBytes, first, second, stateBytes, inflate } = row;
  const per = (amount: number, seconds: number): string => Math.round(amount / seconds).toLocaleString('en');
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  return [
    `${objects.toLocaleString('en')} objects of ${events} events, ${form}, ${mib(wireBytes)} MiB as stored`,
    `  events/s ${per(total, first.seconds)}, per CPU-second ${per(total, first.cpuSeconds)}; stored MiB/s ${mib(wireBytes / first.seconds)}`,
    `  ${first.seconds.toFixed(1)} s, ${first.cpuSeconds.toFixed(1)} CPU-s, peak RSS ${first.peakMiB.toFixed(0)} MiB, state ${stateBytes.toLocaleString('en')} bytes`,
    `  again, with nothing new: ${second.seconds.toFixed(1)} s, peak RSS ${second.peakMiB.toFixed(0)} MiB`,
    `  inflating alone: ${((100 * inflate) / first.cpuSeconds).toFixed(0)} % of the connector's CPU time`,
  ].join('\n');
}
