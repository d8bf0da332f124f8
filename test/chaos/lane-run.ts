import { setTimeout as sleep } from 'node:timers/promises';
import type { Way } from './events.js';
import type { Family, Fault } from './fault.js';
import type { Death } from './keeper.js';
import type { Lane } from './lane.js';
import { complaints, type Account } from './ledger.js';
import { memoryComplaints, watchMemory, type MemoryRule, type MemorySeries } from './memory.js';

/** How often a fault was in the script, was injected, and was lived through: what it concerned went on after it. */
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

/** No other end of its own is right. */
const rightWithoutRoom = new Set(['CCX_CHECKPOINT_WRITE', 'CCX_REJECT_WRITE', 'CCX_DATA_DIR_UNUSABLE']);
/** It tries for about half a minute. */
const NOTICED_MS = 45_000;
/** A message is shown again, an object tried again, within less. */
const IDLE_MS = 90_000;
/** A kind that is so often in the script must have been injected. */
const SURELY = 3;
const CATCH_UP_MS = 600_000;
const FINISH_TRIES = 4;

/** A fault that was injected. Survived when what it concerned went on after `sinceMs`, in milliseconds since 1970. */
interface Injected {
  readonly key: string;
  readonly sinceMs: number;
  readonly proof: Way | undefined;
}

export interface LaneRunOptions {
  /** Mends what makes the engine refuse some events. */
  readonly mend: () => Promise<void>;
  /** By which rule its memory is judged; not at all when left out. */
  readonly memory: MemoryRule | undefined;
  /** How often its process must have been killed. */
  readonly kills: number;
  readonly tell: (text: string) => void;
}

/** One lane on its way through a script. */
export class LaneRun {
  readonly #lane: Lane;
  readonly #mend: () => Promise<void>;
  readonly #tell: (text: string) => void;
  readonly #over = new AbortController();
  readonly #memoryRule: MemoryRule | undefined;
  readonly #failures: string[] = [];
  readonly #kills: number;
  readonly #injected: Injected[] = [];
  #memory: Promise<MemorySeries> | undefined;

  constructor(lane: Lane, { mend, memory, kills, tell }: LaneRunOptions) {
    this.#lane = lane;
    this.#mend = mend;
    this.#memoryRule = memory;
    this.#kills = kills;
    this.#tell = (text) => tell(`${lane.subject.name}: ${text}`);
  }

  /** Starts the process and feeds it, up to the end of `signal`. */
  begin(signal: AbortSignal): Promise<void> {
    const { keeper, feeder } = this.#lane;
    keeper.start();
    if (this.#memoryRule !== undefined) this.#memory = watchMemory(keeper, this.#over.signal);
    return feeder.live.feed(AbortSignal.any([signal, this.#over.signal]));
  }

  async inflict(family: Family, fault: Fault): Promise<boolean> {
    const kind = family.kinds[fault.kind];
    const beganMs = Date.now();
    try {
      if ((await kind?.inflict(this.#lane, fault.amount)) !== true) return false;
      this.note(family, fault, family.brings ? beganMs : Date.now());
      return true;
    } catch (error) {
      this.#failures.push(`${keyOf(fault)}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** A fault that concerned this lane, too, is over. */
  note(family: Family, fault: Fault, sinceMs: number): void {
    this.#injected.push({ key: keyOf(fault), sinceMs, proof: family.kinds[fault.kind]?.proof });
  }

  /** All faults are over: lets it catch up, and counts. */
  async settle(script: readonly Fault[]): Promise<LaneResult> {
    const { subject, keeper, feeder, store, ledger, site, clock, proxy, bucket } = this.#lane;
    await clock.set(0);
    await feeder.live.finish();
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
    const givenUp = (await bucket?.givenUp()) ?? 0;
    const faults = this.#tally(script, (proof) => (proof ? account.proofMs.get(proof) : proxy.goodMs()) ?? 0);
    const wrong = countDeaths(keeper.deaths.filter((death) => !this.#isRight(death)));
    return {
      ...{ name: subject.name, faults, account, catchUpMs, memory },
      ...{ lives: keeper.lives, deaths: countDeaths(keeper.deaths) },
      failures: [
        ...this.#failures,
        ...complaints(account),
        ...untried(faults, this.#kills),
        ...[...wrong].map(([reason, times]) => `it ended by itself ${times} times: ${reason}`),
        ...(givenUp > 0 ? [`${givenUp} messages are in the dead-letter queue`] : []),
        ...(memory && this.#memoryRule ? memoryComplaints(memory, this.#memoryRule) : []),
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
    const startMs = Date.now();
    const endMs = startMs + CATCH_UP_MS;
    for (let stored = await store.count(); stored < wanted; stored = await store.count()) {
      const idleMs = Date.now() - Math.max(proxy.times.at(-1) ?? 0, startMs);
      if (idleMs > IDLE_MS || Date.now() > endMs) {
        this.#failures.push(`the process that lived through the faults stored ${stored} of ${wanted}, and no more`);
        return;
      }
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

  /** Without room, and only then, it may end with a word about it. */
  #isRight({ reason, atMs }: Death): boolean {
    const isOfRoom = this.#lane.full.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs + NOTICED_MS);
    return isOfRoom && rightWithoutRoom.has(reason);
  }

  #tally(script: readonly Fault[], provenMs: (proof: Way | undefined) => number): Map<string, Tally> {
    const tallies = new Map<string, Tally>();
    const of = (key: string): Tally => {
      const tally = tallies.get(key) ?? { planned: 0, injected: 0, survived: 0 };
      tallies.set(key, tally);
      return tally;
    };
    for (const fault of script) of(keyOf(fault)).planned += 1;
    for (const { key, sinceMs, proof } of this.#injected) {
      of(key).injected += 1;
      if (sinceMs <= provenMs(proof)) of(key).survived += 1;
    }
    return tallies;
  }
}

function keyOf({ family, kind }: Fault): string {
  return `${family}: ${kind}`;
}

function countDeaths(deaths: readonly Death[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of deaths) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

/** What a run leaves unproven: faults that met nothing, and kills that are too few. */
export function untried(faults: ReadonlyMap<string, Tally>, kills: number): string[] {
  const never = [...faults].filter(([, { planned, injected }]) => planned >= SURELY && injected === 0);
  const killed = [...faults].reduce((sum, [key, { injected }]) => sum + (key.includes('kill -9') ? injected : 0), 0);
  return [
    ...never.map(([key, { planned }]) => `never injected, though ${planned} times in the script: ${key}`),
    ...(killed < kills ? [`killed ${killed} times, not ${kills}`] : []),
  ];
}
