import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../../src/engine/index.js';
import { startBucketSide, type BucketSide } from './bucket.js';
import { makeConflict } from './conflict.js';
import type { Family, Fault } from './fault.js';
import { openLane } from './lane.js';
import { LaneRun, type LaneResult } from './lane-run.js';
import { demandsOn } from './proof.js';
import { LONG_RUN_MS, writeScript } from './script.js';
import { killsOf, rateOf, shapes, type Shape, type ShapeName } from './shapes.js';
import { Store } from './store.js';
import { connector, stockHelper, type Subject } from './subject.js';

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults are injected; then it must catch up. */
  readonly minutes: number;
  readonly shape: ShapeName;
  /** How often the process is killed, where the shape has kills. */
  readonly kills: number;
  /** Into the growing file; about as many go into other files and objects. */
  readonly eventsPerSecond: number;
  /** The stock bulk helper goes through the same, side by side. */
  readonly baseline: boolean;
  /** Part of the data streams' names. */
  readonly namespace: string;
  readonly tell: (text: string) => void;
  /** Ends the run early: everything that it has started is ended, its folder removed, and `runChaos` throws the reason. */
  readonly signal?: AbortSignal;
}

export interface ChaosResult {
  readonly lanes: readonly LaneResult[];
  /** How long faults went on. */
  readonly faultsMs: number;
  /** Kept when something failed. */
  readonly folder: string;
}

/** Runs the script of a seed against a running engine with our templates, and counts what came of it. */
export async function runChaos(engine: RunningEngine, options: ChaosOptions): Promise<ChaosResult> {
  const { minutes, shape: name, kills, seed, baseline, namespace } = options;
  const forMs = minutes * 60_000;
  const shape: Shape = shapes[name];
  const families = shape.families({ kills, forMs });
  const script = writeScript(seed, forMs, families);
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-chaos-'));
  options.tell(`what it leaves, should anything fail: ${folder}`);
  await writeFile(join(folder, 'script.json'), script.map((fault) => JSON.stringify(fault)).join('\n'));
  const bucket = families.some((family) => family.name === 's3 and sqs') ? await startBucketSide() : undefined;
  const open = async (subject: Subject, part: string, side?: BucketSide): Promise<LaneRun> => {
    const store = new Store(engine, `${namespace}${part}`);
    const mend = await makeConflict(store);
    const lane = await openLane(subject, {
      ...{ seed, forMs, store, bucket: side, folder: join(folder, `lane${part}`) },
      eventsPerSecond: options.eventsPerSecond,
      isMeasured: shape.memory !== undefined,
    });
    const isKilled = families.some((family) => family.name === 'process');
    return new LaneRun(lane, {
      ...{ mend, memory: shape.memory, tell: options.tell },
      demands: demandsOn(
        isKilled && subject === connector ? kills : 0,
        shape.memory === undefined && forMs >= LONG_RUN_MS,
      ),
    });
  };
  const runs: LaneRun[] = [];
  let faultsMs = 0;
  const goThrough = async (): Promise<LaneResult[]> => {
    const over = new AbortController();
    const telling = tellProgress(runs, forMs, options.tell, over.signal);
    faultsMs = await inflictAll(script, families, runs, forMs).finally(() => over.abort());
    await telling;
    const lanes: LaneResult[] = [];
    for (const run of runs) lanes.push(await run.settle(script));
    return lanes;
  };
  let isOver = false;
  try {
    runs.push(await open(connector, '', bucket));
    if (baseline) runs.push(await open(stockHelper, 'stock'));
    const lanes = await unlessAborted(goThrough, options.signal);
    isOver = lanes[0]?.failures.length === 0;
    return { lanes, faultsMs, folder };
  } finally {
    for (const run of runs) await run.close();
    if (isOver || options.signal?.aborted === true) await rm(folder, { recursive: true, force: true });
  }
}

/** What is under way at an abort goes on by itself, to no end. */
async function unlessAborted<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work(), aborted]);
}

/** Of a run that is silent for minutes nobody knows whether it gets on. */
const PROGRESS_MS = 30_000;

async function tellProgress(
  runs: readonly LaneRun[],
  forMs: number,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    await sleep(PROGRESS_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const seconds = Math.round((performance.now() - startMs) / 1000);
    const far = await Promise.all(runs.map((run) => run.progress()));
    tell(`${seconds} s of ${Math.round(forMs / 1000)}: ${far.join('; ')}`);
  }
}

/** Kills that are late may go on for so long, or for half of the run's time. */
const LATE_MS = 60_000;

/** Each family goes through its faults one after the other, all families side by side. @returns how long that took. */
async function inflictAll(
  script: readonly Fault[],
  families: readonly Family[],
  runs: readonly LaneRun[],
  forMs: number,
): Promise<number> {
  const startMs = performance.now();
  const past = (): number => performance.now() - startMs;
  const over = new AbortController();
  const latestMs = forMs + Math.max(forMs / 2, LATE_MS);
  const feeding = runs.map((run) => run.begin(over.signal));
  const inflict = async (family: Family, fault: Fault, [first, ...others]: readonly LaneRun[]): Promise<void> => {
    if ((await first?.inflict(family, fault)) === true) for (const other of others) await other.note(family, fault);
  };
  const goThrough = async (family: Family, concerned: readonly LaneRun[]): Promise<void> => {
    const under: Promise<void>[] = [];
    for (const fault of script.filter((one) => one.family === family.name)) {
      await sleep(Math.max(0, fault.atMs - past()));
      // What is late must not fill the times in which others are lived through.
      while (past() < forMs && family.isActive?.(past()) === false) await sleep(100);
      if (past() > (isOwed(family, concerned) ? latestMs : forMs)) break;
      under.push(inflict(family, fault, concerned));
      if (family.overlapping !== true) await under.at(-1);
    }
    await Promise.all(under);
  };
  await Promise.all([
    sleep(forMs).then(() => Promise.all(runs.map((run) => run.look()))),
    ...families.flatMap((family) =>
      family.shared === true ? [goThrough(family, runs)] : runs.map((run) => goThrough(family, [run])),
    ),
  ]);
  over.abort();
  await Promise.all(feeding);
  return past();
}

function isOwed(family: Family, concerned: readonly LaneRun[]): boolean {
  return family.isGoneThrough === true && concerned.some((run) => run.owesKills);
}

/** The command that repeats a run, without what is so by default. */
export function commandOf(options: ChaosOptions, engine: string): string {
  const { seed, minutes, shape, kills, eventsPerSecond, baseline } = options;
  const flags = {
    ...{ seed, minutes, engine, shape },
    ...(kills !== killsOf(shape, minutes) && { kills }),
    ...(eventsPerSecond !== rateOf(shape) && { rate: eventsPerSecond }),
  };
  const words = Object.entries(flags).map(([name, value]) => `--${name} ${value}`);
  return ['npm run chaos --', ...words, ...(baseline ? ['--baseline'] : [])].join(' ');
}
