import { setTimeout as sleep } from 'node:timers/promises';
import { HIDDEN_S } from './bucket.js';
import type { Family, Fault } from './fault.js';
import { giveOne } from './feed/feeder.js';
import type { Death } from './keeper.js';
import type { Lane } from './lane.js';
import { complaints, type Account, type Ledger } from './ledger.js';
import { isKill, unproven, type Demands, type Tally } from './proof.js';
import { memoryComplaints, watchMemory, type MemoryRule, type MemorySeries } from './memory.js';

/** How many of the events given so far were stored at one time. */
export interface Stage {
  readonly stored: number;
  readonly given: number;
}

/** What became of one lane. */
export interface LaneResult {
  readonly name: string;
  /** By family and kind, in the order of the script. */
  readonly faults: ReadonlyMap<string, Tally>;
  readonly account: Account;
  /** When the time for faults was over, before it caught up. */
  readonly during: Stage;
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
const CATCH_UP_MS = 600_000;
const FINISH_TRIES = 4;
/** Longer than a message stays hidden. */
const SHOWN_AGAIN_MS = (HIDDEN_S + 1) * 1000;

/** A fault that was injected, and the event by whose being stored it is survived. */
interface Injected {
  readonly key: string;
  readonly witness: string;
}

export interface LaneRunOptions {
  /** Mends what makes the engine refuse some events. */
  readonly mend: () => Promise<void>;
  /** By which rule its memory is judged; not at all when left out. */
  readonly memory: MemoryRule | undefined;
  readonly demands: Demands;
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
  readonly #demands: Demands;
  readonly #injected: Injected[] = [];
  #during: Stage = { stored: 0, given: 0 };
  #memory: Promise<MemorySeries> | undefined;

  constructor(lane: Lane, { mend, memory, demands, tell }: LaneRunOptions) {
    this.#lane = lane;
    this.#mend = mend;
    this.#memoryRule = memory;
    this.#demands = demands;
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
    try {
      const met = (await kind?.inflict(this.#lane, fault.amount)) ?? false;
      if (typeof met === 'string') this.#injected.push({ key: keyOf(fault), witness: met });
      else if (met) await this.note(family, fault);
      return met !== false;
    } catch (error) {
      this.#failures.push(`${keyOf(fault)}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** A fault that concerned this lane, too, is over. */
  async note(family: Family, fault: Fault): Promise<void> {
    const witness = await giveOne(this.#lane.feeder, family.kinds[fault.kind]?.proof ?? 'growing');
    this.#injected.push({ key: keyOf(fault), witness });
  }

  /** It was killed fewer times than it must be. */
  get owesKills(): boolean {
    return this.#injected.filter(({ key }) => isKill(key)).length < this.#demands.kills;
  }

  /** The time for faults is over: notes how far it has come. */
  async look(): Promise<void> {
    const { store, ledger } = this.#lane;
    const given = ledger.size;
    this.#during = { stored: await store.count(), given };
  }

  /** How far it is, for who watches; the engine may be away. */
  async progress(): Promise<string> {
    const { subject, store, ledger } = this.#lane;
    const stored = await store.count().catch(() => 'unknown');
    return `${subject.name}: ${ledger.size} given, ${stored} stored`;
  }

  /** All faults are over: lets it catch up, and counts. */
  async settle(script: readonly Fault[]): Promise<LaneResult> {
    const { subject, keeper, feeder, store, ledger, site, clock, bucket } = this.#lane;
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
    const { givenUp, left } = (await bucket?.messages()) ?? { givenUp: 0, left: 0 };
    const faults = this.#tally(script, ledger);
    const wrong = countDeaths(keeper.deaths.filter((death) => !this.#isRight(death)));
    return {
      ...{ name: subject.name, faults, account, catchUpMs, memory, during: this.#during },
      ...{ lives: keeper.lives, deaths: countDeaths(keeper.deaths) },
      failures: [
        ...this.#failures,
        ...complaints(account),
        ...unproven(faults, this.#demands),
        ...this.#lateness(),
        ...[...wrong].map(([reason, times]) => `it ended by itself ${times} times: ${reason}`),
        ...(givenUp > 0 ? [`${givenUp} messages are in the dead-letter queue`] : []),
        ...(left > 0 ? [`${left} messages are left in the queue`] : []),
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

  /** What waits for a later try is tried at once by a new process; messages that the last one had taken are shown again a while later. */
  async #finish(): Promise<void> {
    const { subject, keeper, bucket } = this.#lane;
    let isFinished = false;
    for (let tries = 0; tries < FINISH_TRIES; tries += 1) {
      isFinished = await subject.finish(keeper);
      const left = (await bucket?.messages())?.left ?? 0;
      if (isFinished && left === 0) return;
      if (left > 0) await sleep(SHOWN_AGAIN_MS);
    }
    if (!isFinished) this.#failures.push('it did not come to the end of its inputs');
  }

  /** Without room, and only then, it may end with a word about it. */
  #isRight({ reason, atMs }: Death): boolean {
    const isOfRoom = this.#lane.full.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs + NOTICED_MS);
    return isOfRoom && rightWithoutRoom.has(reason);
  }

  /** What comes after the faults proves nothing about them. */
  #lateness(): string[] {
    const { stored, given } = this.#during;
    if (stored >= given * this.#demands.during) return [];
    return [`only ${stored} of ${given} events were stored while faults went on`];
  }

  #tally(script: readonly Fault[], ledger: Ledger): Map<string, Tally> {
    const tallies = new Map<string, Tally>();
    const of = (key: string): Tally => {
      const tally = tallies.get(key) ?? { planned: 0, injected: 0, survived: 0 };
      tallies.set(key, tally);
      return tally;
    };
    for (const fault of script) of(keyOf(fault)).planned += 1;
    for (const { key, witness } of this.#injected) {
      of(key).injected += 1;
      if (ledger.isStored(witness)) of(key).survived += 1;
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
