import { BaseConnectionPool, UndiciConnection } from '@elastic/elasticsearch';
import type { Clock } from '../clock.js';

type Host = BaseConnectionPool['connections'][number];
type Wanted = Parameters<BaseConnectionPool['getConnection']>[0];

/** A host that failed. */
interface Illness {
  /** `asked`: whether it answers at all; `well`: it does, so that one request may try it; `tried`: that is under way. */
  state: 'left alone' | 'asked' | 'well' | 'tried';
  failures: number;
  /** When it may be asked (again), by the steady clock. */
  dueMs: number;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const ASK_MS = 3_000;

/**
 * Which host gets the next request: of those that are well the one with the fewest under way, in turn. So one that hangs keeps few requests
 * waiting, and the others share alike.
 *
 * One that failed is left alone for a second, and for twice as long each further time. Then it is asked whether it answers at all, and after
 * that a single request tries it: it may take connections and still carry nothing out. When none is well all are used; and when
 * one of them works again the others are asked at once, as it was the cluster that was away.
 *
 * The pools of the client do less: a minute at first, counted anew for each request that was under way when a host died; any number of requests try it at
 * once; and by a clock that may be set.
 */
export function hostPool(clock: Clock): typeof BaseConnectionPool {
  return class HostPool extends BaseConnectionPool {
    readonly #ill = new Map<string, Illness>();
    #turn = 0;

    /** It has carried a request out. */
    override markAlive(host: Host): this {
      if (this.#ill.size === this.size)
        for (const illness of this.#ill.values()) if (illness.state === 'left alone') illness.dueMs = clock.steady();
      this.#ill.delete(host.id);
      return super.markAlive(host);
    }

    /** It has failed. What was under way when it was found out says nothing new. */
    override markDead(host: Host): this {
      const illness = this.#ill.get(host.id);
      if (illness === undefined || illness.state === 'tried') this.#leaveAlone(host, (illness?.failures ?? 0) + 1);
      return super.markDead(host);
    }

    override getConnection(wanted: Wanted): Host | null {
      // An only host is used in any case.
      if (this.size > 1) for (const host of this.connections) this.#askIfDue(host, wanted);
      return this.#toTry() ?? this.#leastBusy();
    }

    #leaveAlone(host: Host, failures: number): void {
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
      this.#ill.set(host.id, { state: 'left alone', failures, dueMs: clock.steady() + waitMs });
    }

    #askIfDue(host: Host, { requestId, name, context }: Wanted): void {
      const illness = this.#ill.get(host.id);
      if (illness === undefined || illness.state === 'asked' || illness.state === 'well') return;
      if (clock.steady() < illness.dueMs) return;
      illness.state = 'asked';
      const options = { requestId, name, context: context as unknown, timeout: ASK_MS };
      host.request({ method: 'HEAD', path: '/' }, options).then(
        // Also 401 and 403 are answers: a role that may only write is not told what runs there.
        ({ statusCode }) => this.#asked(host, illness, statusCode < 502 || statusCode > 504),
        () => this.#asked(host, illness, false),
      );
    }

    #asked(host: Host, illness: Illness, answers: boolean): void {
      // It may have become well, and ill again, meanwhile.
      if (this.#ill.get(host.id) !== illness) return;
      if (answers) illness.state = 'well';
      else this.#leaveAlone(host, illness.failures + 1);
    }

    #toTry(): Host | undefined {
      const host = this.connections.find(({ id }) => this.#ill.get(id)?.state === 'well');
      const illness = host && this.#ill.get(host.id);
      if (illness === undefined) return undefined;
      illness.state = 'tried';
      // Should nobody tell what came of it.
      illness.dueMs = clock.steady() + LONGEST_WAIT_MS;
      return host;
    }

    #leastBusy(): Host | null {
      const well = this.connections.filter(({ id }) => !this.#ill.has(id));
      const hosts = well.length > 0 ? well : this.connections;
      const first = (this.#turn += 1) % Math.max(1, hosts.length);
      let chosen: Host | null = null;
      for (const host of [...hosts.slice(first), ...hosts.slice(0, first)])
        if (chosen === null || underWay(host) < underWay(chosen)) chosen = host;
      return chosen;
    }
  };
}

function underWay(host: Host): number {
  return host instanceof UndiciConnection ? host.pool.stats.size : 0;
}
