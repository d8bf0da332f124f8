import { setTimeout as sleep } from 'node:timers/promises';
import type { Keeper, Memory } from './keeper.js';

/** Resident memory over a run, in MiB. */
export interface MemorySeries {
  readonly samples: readonly number[];
  readonly peakMiB: number;
}

/** Least, median and most of a part of a series. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

const EVERY_MS = 500;
/** Modules are loaded and code is compiled until then: what comes after must be flat. */
const WARM_SHARE = 0.1;

/** Notes the memory of a process until `signal` fires. */
export async function watchMemory(keeper: Keeper, signal: AbortSignal): Promise<MemorySeries> {
  const samples: number[] = [];
  let peakMiB = 0;
  while (!signal.aborted) {
    const now: Memory | undefined = await keeper.memory();
    if (now !== undefined) {
      samples.push(now.rssMiB);
      peakMiB = Math.max(peakMiB, now.peakMiB);
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return { samples, peakMiB };
}

/** The first, second and last third of a series without its beginning. */
export function thirds({ samples }: MemorySeries): [Spread, Spread, Spread] {
  const warm = samples.slice(Math.floor(samples.length * WARM_SHARE));
  const part = (number: number): Spread =>
    spread(warm.slice(Math.floor((warm.length * number) / 3), Math.floor((warm.length * (number + 1)) / 3)));
  return [part(0), part(1), part(2)];
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
}

/** `bounded`: never over a bound. `flat`: and it does not grow, which only a steady load shows. */
export type MemoryRule = 'bounded' | 'flat';

/**
 * A run of half a minute came to 135 MiB: Node.js itself, compiled code, and the batches under way, which the settings bound; young
 * garbage is kept small. What is above that is less than the texts of the short outage's events.
 */
export const PEAK_MIB = 168;
/** By how much the median of the last third may exceed that of the first: the heap's own ups and downs. */
const GROWTH = 1.1;
const SLACK_MIB = 8;

/** What is wrong with a series; nothing when it is as the rule says. */
export function memoryComplaints(series: MemorySeries, rule: MemoryRule): string[] {
  const [first, , last] = thirds(series);
  const found: string[] = [];
  if (series.peakMiB > PEAK_MIB) found.push(`memory rose to ${series.peakMiB.toFixed(0)} MiB, over ${PEAK_MIB}`);
  if (rule === 'flat' && last.median > first.median * GROWTH + SLACK_MIB)
    found.push(`memory grew from ${first.median.toFixed(0)} to ${last.median.toFixed(0)} MiB`);
  return found;
}
