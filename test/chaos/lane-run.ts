import { setTimeout as sleep } from 'node:timers/promises';
import type { Family, Fault } from './fault.js';
import type { Lane } from './lane.js';
import { complaints, type Account } from './ledger.js';
import { memoryComplaints, watchMemory, type MemorySeries } from './memory.js';

/** How often a fault was in the script, was injected, and was lived through: shipping went on after it. */
export interface Tally {
  planned: number;
  injected: number;
  survived: number;
}

/** What became of one lane. */
export interface LaneResult {
  readonly name: string;
  /** By family and kind, in the order of the script. */
  readonly faults: ReadonlyMap<string, Tally>;
  readonly account: Account;
  readonly lives: number;
  readonly deaths: ReadonlyMap<string, number>;
  readonly catchUpMs: number;
  readonly memory: MemorySeries | undefined;
  /** Empty: nothing lost, nothing twice, and every fault ended as it must. */
  readonly failures: readonly string[];
}

/** Without a way to write what it must keep, it ends with a word about it; no other end of its own is right. */
const rightDeaths = new Set(['CCX_CHECKPOINT_WRITE', 'CCX_REJECT_WRITE', 'CCX_DATA_DIR_UNUSABLE']);
const IDLE_MS = 20_000;
const CATCH_UP_MS = 600_000;
const FINISH_TRIES = 4;

/** One lane on its way through a script. */
export class LaneRun {
  readonly #lane: Lane;
  readonly #mend: () => Promise<void>;
  readonly #tell: (text: string) => void;
  readonly #over = new AbortController();
  readonly #watchesMemory: boolean;
  readonly #failures: string[] = [];
  /** The ends of the faults injected. */
  readonly #injected: { readonly key: string; readonly endMs: number }[] = [];
  #memory: Promise<MemorySeries> | undefined;

  constructor(lane: Lane, mend: () => Promise<void>, watchesMemory: boolean, tell: (text: string) => void) {
    this.#lane = lane;
    this.#mend = mend;
    this.#watchesMemory = watchesMemory;
    this.#tell = (text) => tell(`${lane.subject.name}: ${text}`);
  }

  /** Starts the process and feeds it. */
  begin(): Promise<void> {
    const { keeper, feeder } = this.#lane;
    keeper.start();
    if (this.#watchesMemory) this.#memory = watchMemory(keeper, this.#over.signal);
    return feeder.feed(this.#over.signal);
  }

  async inflict(family: Family, fault: Fault): Promise<boolean> {
    const kind = family.kinds[fault.kind];
    try {
      if ((await kind?.inflict(this.#lane, fault.amount)) !== true) return false;
      this.note(fault);
      return true;
    } catch (error) {
      this.#failures.push(`${keyOf(fault)}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** A fault that concerned this lane, too, is over. */
  note(fault: Fault): void {
    this.#injected.push({ key: keyOf(fault), endMs: Date.now() });
  }

  /** All faults are over: lets it catch up, and counts. */
  async settle(script: readonly Fault[]): Promise<LaneResult> {
    const { subject, keeper, feeder, store, ledger, site, clock, proxy } = this.#lane;
    await clock.set(0);
    await feeder.finish();
    const startMs = performance.now();
    await this.#catchUp();
    this.#over.abort();
    const { code, signal } = await keeper.stop('SIGTERM');
    if (subject.name === 'cloudconnexa-ecs' && code !== 143)
      this.#failures.push(`the last stop ended with ${code ?? signal}`);
    await this.#finish();
    const catchUpMs = performance.now() - startMs;
    const setAside = await subject.setAside(site, keeper);
    await this.#mend();
    await subject.replay(keeper);
    const account = await ledger.audit(store.documents(), setAside);
    const memory = await this.#memory;
    const deaths = [...keeper.deaths].filter(([reason]) => !rightDeaths.has(reason));
    return {
      ...{ name: subject.name, faults: this.#tally(script, proxy.goodMs()), account, catchUpMs, memory },
      ...{ lives: keeper.lives, deaths: keeper.deaths },
      failures: [
        ...this.#failures,
        ...complaints(account),
        ...deaths.map(([reason, times]) => `it ended by itself ${times} times: ${reason}`),
        ...(memory === undefined ? [] : memoryComplaints(memory)),
      ],
    };
  }

  close(): Promise<void> {
    this.#over.abort();
    return this.#lane.keeper.stop('SIGKILL').then(() => this.#lane.close());
  }

  /** Waits until all is stored that can be, or nothing more happens. */
  async #catchUp(): Promise<void> {
    const { store, ledger, proxy } = this.#lane;
    const wanted = ledger.size - ledger.refusals;
    const endMs = Date.now() + CATCH_UP_MS;
    for (let stored = await store.count(); stored < wanted; stored = await store.count()) {
      const idleMs = Date.now() - Math.max(proxy.times.at(-1) ?? 0, this.#injected.at(-1)?.endMs ?? 0);
      if (idleMs > IDLE_MS || Date.now() > endMs) return;
      this.#tell(`${stored} of ${wanted} stored`);
      await sleep(2_000);
    }
  }

  /** What waits for a later try is tried at once by a new process. */
  async #finish(): Promise<void> {
    const { subject, keeper } = this.#lane;
    for (let tries = 0; tries < FINISH_TRIES; tries += 1) if (await subject.finish(keeper)) return;
    this.#failures.push('it did not come to the end of its inputs');
  }

  #tally(script: readonly Fault[], goodMs: number): Map<string, Tally> {
    const tallies = new Map<string, Tally>();
    const of = (key: string): Tally => {
      const tally = tallies.get(key) ?? { planned: 0, injected: 0, survived: 0 };
      tallies.set(key, tally);
      return tally;
    };
    for (const fault of script) of(keyOf(fault)).planned += 1;
    for (const { key, endMs } of this.#injected) {
      of(key).injected += 1;
      if (endMs <= goodMs) of(key).survived += 1;
    }
    return tallies;
  }
}

function keyOf({ family, kind }: Fault): string {
  return `${family}: ${kind}`;
}
