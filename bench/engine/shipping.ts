import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../src/package-root.js';
import type { Dataset } from '../dataset.js';
import { spread, type Spread } from '../figures.js';
import { runNode } from '../run-node.js';
import type { Usage } from '../usage.js';
import { bodiesOf } from './bodies.js';
import type { Cluster } from './cluster.js';

/** One way to bring the same events into an engine as `setup` has prepared it. */
export interface Shipping {
  readonly name: string;
  readonly eventsPerSecond: Spread;
  /** Events a second as a share of the best way's in the same round. */
  readonly share: Spread;
  /** Of the sender; undefined where it is the benchmark itself. */
  readonly senderMicros: Spread | undefined;
  readonly engineMicros: Spread;
}

interface Run {
  readonly eventsPerSecond: number;
  readonly senderMicros?: number;
  readonly engineMicros: number;
}

const CEILINGS = [1, 2, 4, 8];
const CONNECTOR = 'cloudconnexa-ecs run --once';

/** The connector from files, beside its documents made beforehand and sent by so many connections. */
export async function measureShipping(
  cluster: Cluster,
  { folders, events: count }: Dataset,
  events: readonly string[],
  folder: string,
  rounds: number,
  say: (text: string) => void,
): Promise<Shipping[]> {
  const home = join(folder, 'shipping');
  await mkdir(home);
  const cli = (path: string, ...args: string[]): Promise<Usage> => command(home, cluster, path, args);
  await cli(join(home, 'none', '*'), 'setup');
  await cluster.removeTemplate();
  await cli(join(home, 'none', '*'), 'run', '--once');
  await cp(join(home, 'data'), join(home, 'settled'), { recursive: true });
  const bodies = [...bodiesOf(events)];
  const ways = new Map<string, () => Promise<Usage | undefined>>([
    [
      CONNECTOR,
      async () => {
        await rm(join(home, 'data'), { recursive: true });
        await cp(join(home, 'settled'), join(home, 'data'), { recursive: true });
        return cli(join(folders.jsonl, '*'), 'run', '--once');
      },
    ],
    ...CEILINGS.map(
      (connections) =>
        [
          `made beforehand, connections: ${connections}`,
          () => cluster.send(bodies, connections).then(() => undefined),
        ] as const,
    ),
  ]);
  const runs = new Map<string, Run[]>([...ways.keys()].map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, ship] of ways) {
      const run = await measured(cluster, count, ship);
      if (round > 0) runs.get(name)?.push(run);
      say(`${round}/${rounds} ${name}: ${run.eventsPerSecond.toFixed(0)} events a second`);
    }
  }
  return [...runs].map(([name, done]) => shippingOf(name, done, [...runs.values()]));
}

async function measured(cluster: Cluster, events: number, ship: () => Promise<Usage | undefined>): Promise<Run> {
  const [began, cpuBegan] = [performance.now(), cluster.cpuSeconds()];
  const usage = await ship();
  const seconds = usage?.wallSeconds ?? (performance.now() - began) / 1000;
  await cluster.settle();
  const engineMicros = (1e6 * (cluster.cpuSeconds() - cpuBegan)) / events;
  const stored = await cluster.stored();
  if (stored.events !== events) throw new Error(`${stored.events} events stored instead of ${events}`);
  await cluster.clear();
  return {
    ...{ eventsPerSecond: events / seconds, engineMicros },
    ...(usage && { senderMicros: (1e6 * usage.cpuSeconds) / events }),
  };
}

function shippingOf(name: string, runs: readonly Run[], all: readonly (readonly Run[])[]): Shipping {
  const best = (round: number): number => Math.max(...all.map((others) => others[round]?.eventsPerSecond ?? 0));
  const senders = runs.flatMap(({ senderMicros }) => senderMicros ?? []);
  return {
    name,
    eventsPerSecond: spread(runs.map(({ eventsPerSecond }) => eventsPerSecond)),
    share: spread(runs.map(({ eventsPerSecond }, round) => eventsPerSecond / best(round))),
    senderMicros: senders.length > 0 ? spread(senders) : undefined,
    engineMicros: spread(runs.map(({ engineMicros }) => engineMicros)),
  };
}

async function command(cwd: string, { engine }: Cluster, path: string, args: readonly string[]): Promise<Usage> {
  const config = { output: { hosts: [engine.url] }, inputs: [{ type: 'file', paths: [path] }], data_dir: 'data' };
  await writeFile(join(cwd, 'cloudconnexa-ecs.yml'), JSON.stringify(config));
  return runNode([packagePath('dist/cli.js'), ...args], cwd);
}
