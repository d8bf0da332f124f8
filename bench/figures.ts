import type { Case } from './cases.js';
import type { Run } from './measure.js';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What the runs of a case come to; `undefined` where there is nothing to compare with. */
export interface Figures {
  readonly eventsPerCpuSecond: Spread;
  readonly eventsPerSecond: Spread;
  readonly cpuSeconds: Spread;
  /** CPU seconds before the work began: in none of the others but the next. */
  readonly startCpuSeconds: Spread;
  readonly eventsPerAllCpuSecond: Spread;
  readonly peakMiB: Spread;
  readonly wireMiB: Spread;
  /** What the sink itself spent, in microseconds an event. */
  readonly sinkMicros: Spread;
  /** Events per CPU-second as a multiple of the raw loop's with the same files and wire, in the same round. */
  readonly toRaw: Spread | undefined;
  readonly toNaive: Spread | undefined;
  /** Events per second as a multiple of the raw loop's. */
  readonly speedToRaw: Spread | undefined;
}

/** The runs of every case, one a round. */
export type Results = ReadonlyMap<Case, readonly Run[]>;

export function figuresOf(one: Case, results: Results): Figures {
  const runs = results.get(one) ?? [];
  const of = (value: (run: Run) => number): Spread => spread(runs.map(value));
  const ratio = (subject: string, value: (run: Run) => number): Spread | undefined => {
    const other = runsOf(results, { ...one, name: `${subject}/${one.form}/${one.wire}` });
    if (other === undefined) return undefined;
    return spread(runs.flatMap((run, round) => value(run) / value(other[round] ?? run)));
  };
  return {
    eventsPerCpuSecond: of(perCpuSecond),
    eventsPerSecond: of(perSecond),
    cpuSeconds: of((run) => run.cpuSeconds),
    startCpuSeconds: of((run) => run.startCpuSeconds),
    eventsPerAllCpuSecond: of((run) => run.sink.items / (run.startCpuSeconds + run.cpuSeconds)),
    peakMiB: of((run) => run.peakMiB),
    wireMiB: of((run) => run.sink.wireBytes / 2 ** 20),
    sinkMicros: of((run) => (1e6 * run.sink.cpuSeconds) / run.sink.items),
    toRaw: ratio('raw', perCpuSecond),
    toNaive: ratio('naive', perCpuSecond),
    speedToRaw: ratio('raw', perSecond),
  };
}

function runsOf(results: Results, { name }: Case): readonly Run[] | undefined {
  return [...results].find(([other]) => other.name === name)?.[1];
}

function perCpuSecond({ sink, cpuSeconds }: Run): number {
  return sink.items / cpuSeconds;
}

function perSecond({ sink, wallSeconds }: Run): number {
  return sink.items / wallSeconds;
}

/** Of an even number the lower of the two in the middle. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}
