import { spread, type Spread } from '../figures.js';
import { bodiesOf, type Ids } from './bodies.js';
import type { Cluster, Stored } from './cluster.js';
import type { Layout } from './layouts.js';

/** What an engine spends on keeping the events in one way; microseconds and bytes an event. */
export interface StoringCost {
  readonly name: string;
  readonly cpuMicros: Spread;
  readonly eventsPerSecond: Spread;
  /** When everything is on disk. */
  readonly bytes: Spread;
  readonly mergedBytes: Spread;
  readonly mergeMicros: Spread;
}

interface Run {
  readonly cpuMicros: number;
  readonly eventsPerSecond: number;
  readonly bytes: number;
  readonly mergedBytes: number;
  readonly mergeMicros: number;
}

/** As many as the machine has processors keep the engine busy. */
const CONNECTIONS = 2;
/** The engine compiles its code meanwhile. */
const WARM_UP_ROUNDS = 1;

/** The same documents, made beforehand, kept in each of the ways. Rounds alternate. */
export async function measureStoring(
  cluster: Cluster,
  ways: readonly Layout[],
  events: readonly string[],
  rounds: number,
  say: (text: string) => void,
): Promise<StoringCost[]> {
  const bodies = new Map<Ids, Buffer[]>();
  for (const { ids } of ways) if (!bodies.has(ids)) bodies.set(ids, [...bodiesOf(events, ids)]);
  const runs = new Map<Layout, Run[]>(ways.map((way) => [way, []]));
  for (let round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
    for (const [way, done] of runs) {
      const run = await store(cluster, way, bodies.get(way.ids) ?? [], events.length);
      if (round > 0) done.push(run);
      const when = round > 0 ? `${round}/${rounds}` : 'warm-up';
      say(`${when} ${way.name}: ${run.cpuMicros.toFixed(0)} µs, ${run.mergedBytes.toFixed(0)} bytes an event`);
    }
  }
  return ways.map((way) => costOf(way.name, runs.get(way) ?? []));
}

async function store(cluster: Cluster, way: Layout, bodies: readonly Buffer[], events: number): Promise<Run> {
  await prepare(cluster, way);
  const micros = (from: number): number => (1e6 * (cluster.cpuSeconds() - from)) / events;
  const bytesOf = ({ bytes }: Stored): number => bytes / events;
  const [began, cpuBegan] = [performance.now(), cluster.cpuSeconds()];
  await cluster.send(bodies, CONNECTIONS);
  const seconds = (performance.now() - began) / 1000;
  await cluster.settle();
  const cpuMicros = micros(cpuBegan);
  const stored = await cluster.stored();
  if (stored.events !== events) throw new Error(`${way.name}: ${stored.events} events stored instead of ${events}`);
  const cpuStored = cluster.cpuSeconds();
  await cluster.forceMerge();
  const mergeMicros = micros(cpuStored);
  const merged = await cluster.stored();
  await cluster.clear();
  return {
    ...{ cpuMicros, mergeMicros, eventsPerSecond: events / seconds },
    ...{ bytes: bytesOf(stored), mergedBytes: bytesOf(merged) },
  };
}

/** The engine keeps what comes from now on in this way. */
export async function prepare(cluster: Cluster, { template, pipeline }: Layout): Promise<void> {
  if (pipeline !== undefined) await cluster.call('PUT', `/_ingest/pipeline/${pipeline[0]}`, pipeline[1]);
  await cluster.use(template);
}

function costOf(name: string, runs: readonly Run[]): StoringCost {
  const of = (key: keyof Run): Spread => spread(runs.map((run) => run[key]));
  return {
    name,
    ...{ cpuMicros: of('cpuMicros'), eventsPerSecond: of('eventsPerSecond') },
    ...{ bytes: of('bytes'), mergedBytes: of('mergedBytes'), mergeMicros: of('mergeMicros') },
  };
}
