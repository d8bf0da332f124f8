import { readdirSync, readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { startEngine, type EngineId, type RunningEngine } from '../../src/engine/index.js';

/** All of our data streams. */
export const STREAMS = 'logs-cloudconnexa.*';

const TEMPLATE = 'bench';
/** Above that of `setup`. */
const PRIORITY = 1000;
const TICKS_PER_SECOND = 100;
const SETTLE_MS = 100;

/** How an engine is to keep the events: what an index template says. */
export interface Template {
  readonly settings: object;
  readonly mappings?: object | undefined;
}

/** What an engine has of the events. */
export interface Stored {
  readonly events: number;
  readonly bytes: number;
}

/** A real engine on this machine, and what it has used. */
export class Cluster {
  readonly #pool: Pool;

  private constructor(readonly engine: RunningEngine) {
    this.#pool = new Pool(engine.url, { connections: 16, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** @param say Told what is going on. */
  static async start(id: EngineId, say: (text: string) => void): Promise<Cluster> {
    return new Cluster(await startEngine(id, { heapMiB: 2048, longRunning: true, onProgress: say }));
  }

  async stop(): Promise<void> {
    await this.#pool.close();
    await this.engine.stop();
  }

  /** @throws when the answer is no success. */
  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object | Buffer): Promise<unknown> {
    const { statusCode, body: answer } = await this.#pool.request({
      method,
      path,
      headers: { 'content-type': 'application/json' },
      body: body === undefined || body instanceof Buffer ? (body ?? null) : JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  /** Data streams that are made from now on are as it says. */
  async use({ settings, mappings }: Template): Promise<void> {
    await this.call('PUT', `/_index_template/${TEMPLATE}`, {
      index_patterns: ['logs-cloudconnexa.*-*'],
      data_stream: {},
      priority: PRIORITY,
      template: { settings: { number_of_replicas: 0, ...settings }, ...(mappings && { mappings }) },
    });
    await this.#rollOver();
  }

  /** From now on it is for what `setup` has stored: an engine does not leave data streams without any template. */
  async removeTemplate(): Promise<void> {
    await this.call('DELETE', `/_index_template/${TEMPLATE}`);
    await this.#rollOver();
  }

  /** Sends bodies as they come, so many at a time. @throws when the engine does not store an event. */
  async send(bodies: AsyncIterable<Buffer> | Iterable<Buffer>, connections: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for await (const body of bodies) {
      const sent = this.#bulk(body).finally(() => underWay.delete(sent));
      underWay.add(sent);
      if (underWay.size >= connections) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  async #bulk(body: Buffer): Promise<void> {
    const answer = (await this.call('POST', '/_bulk?filter_path=errors,items.*.error', body)) as { errors: boolean };
    if (answer.errors) throw new Error(`an event was not stored: ${JSON.stringify(answer).slice(0, 500)}`);
  }

  /** Everything sent is on disk and can be found, and no merge is under way. */
  async settle(): Promise<void> {
    await this.call('POST', `/${STREAMS}/_refresh`);
    await this.call('POST', `/${STREAMS}/_flush`);
    while ((await this.#total('merge')).merges.current > 0) await new Promise((wake) => setTimeout(wake, SETTLE_MS));
  }

  /** One segment in each index, as an index ends that is written no more. */
  async forceMerge(): Promise<void> {
    await this.call('POST', `/${STREAMS}/_forcemerge?max_num_segments=1`);
    await this.settle();
  }

  async stored(): Promise<Stored> {
    const { docs, store } = await this.#total('docs,store');
    return { events: docs.count, bytes: store.size_in_bytes };
  }

  async #total(metrics: string): Promise<Total> {
    const answer = (await this.call('GET', `/${STREAMS}/_stats/${metrics}`)) as { _all: { primaries: Total } };
    return answer._all.primaries;
  }

  /** Removes all events, whichever way the engine's build has for it. */
  async clear(): Promise<void> {
    try {
      await this.call('DELETE', `/_data_stream/${STREAMS}`);
    } catch {
      await this.#rollOver();
    }
  }

  /** What is written from now on goes to new indices, which are as the template says; the others are removed. */
  async #rollOver(): Promise<void> {
    const { data_streams: streams } = (await this.call('GET', `/_resolve/index/${STREAMS}`)) as Resolved;
    for (const { name, backing_indices: indices } of streams) {
      await this.call('POST', `/${name}/_rollover`);
      await this.call('DELETE', `/${[indices].flat().join(',')}`);
    }
  }

  /** User and system time of all of the engine's processes. */
  cpuSeconds(): number {
    let ticks = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const [, , group, ...rest] = statOf(pid);
      if (Number(group) === this.engine.pid) ticks += Number(rest[8]) + Number(rest[9]);
    }
    return ticks / TICKS_PER_SECOND;
  }
}

interface Total {
  readonly docs: { readonly count: number };
  readonly store: { readonly size_in_bytes: number };
  readonly merges: { readonly current: number };
}

interface Resolved {
  readonly data_streams: readonly { readonly name: string; readonly backing_indices: string | string[] }[];
}

/** The fields behind a process's name: state, parent, group, … (`man 5 proc`); none when it has ended. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
