import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../../src/engine/index.js';
import type { JsonObject } from '../../src/record.js';

/** A document that is stored: the data stream, or the index, and its id. */
export interface StoredDocument {
  readonly stream: string;
  readonly backing: string;
  readonly id: string;
  readonly source: JsonObject;
}

interface Resolved {
  readonly data_streams: readonly { readonly name: string; readonly backing_indices: readonly string[] | string }[];
}
interface Scrolled {
  readonly _scroll_id: string;
  readonly hits: {
    readonly hits: readonly { readonly _index: string; readonly _id: string; readonly _source: JsonObject }[];
  };
}

const PAGE = 2_000;
const TRIES = 600;

/** The data streams of one namespace, asked and changed on the engine itself and not through a proxy. */
export class Store {
  readonly engine: RunningEngine;
  readonly namespace: string;

  constructor(engine: RunningEngine, namespace: string) {
    this.engine = engine;
    this.namespace = namespace;
  }

  get pattern(): string {
    return `logs-cloudconnexa.*-${this.namespace}`;
  }

  /** False when there is no such thing, as before the first event. Throws when the engine refuses for another reason. */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(this.engine.url + path, { method, ...json }).catch(() => undefined);
      const text = await answer?.text().catch(() => undefined);
      if (answer?.ok === true && text !== undefined) return JSON.parse(text);
      if (answer?.status === 404) return false;
      // It is being killed and restarted, or a stream is just being made. What has just come back knows no stream for a moment.
      const isEmpty = answer?.status === 400 && text?.includes('rollover target') === true;
      const isAway = text === undefined || answer === undefined || answer.status >= 500 || answer.status === 429;
      if (!(isAway || isEmpty) || tries === TRIES)
        throw new Error(`${method} ${path} answered ${answer?.status}: ${text?.slice(0, 500)}`);
      await sleep(300);
    }
  }

  /** Changes settings of all backing indices there are; false when there are none. */
  async set(settings: Record<string, unknown>): Promise<boolean> {
    if ((await this.streams()).size === 0) return false;
    return (await this.call('PUT', `/${this.pattern}/_settings`, settings)) !== false;
  }

  /** The backing indices by data stream. */
  async streams(): Promise<Map<string, readonly string[]>> {
    const found = (await this.call('GET', `/_resolve/index/${this.pattern}`)) as Resolved | false;
    const streams = found === false ? [] : found.data_streams;
    return new Map(streams.map(({ name, backing_indices: indices }) => [name, [indices].flat()]));
  }

  async rollOver(): Promise<boolean> {
    const names = [...(await this.streams()).keys()];
    for (const name of names) await this.call('POST', `/${name}/_rollover`);
    return names.length > 0;
  }

  /** Documents in all backing indices, copies counted. */
  async count(): Promise<number> {
    if ((await this.streams()).size === 0) return 0;
    await this.call('POST', `/${this.pattern}/_refresh`);
    return ((await this.call('GET', `/${this.pattern}/_count`)) as { count: number }).count;
  }

  /** Every document of every backing index. */
  async *documents(): AsyncGenerator<StoredDocument> {
    for (const [stream, indices] of await this.streams()) {
      for (const backing of indices) {
        await this.call('POST', `/${backing}/_refresh`);
        const query = { size: PAGE, sort: ['_doc'] };
        let page = (await this.call('POST', `/${backing}/_search?scroll=2m`, query)) as Scrolled;
        while (page.hits.hits.length > 0) {
          for (const { _id: id, _source: source } of page.hits.hits) yield { stream, backing, id, source };
          page = (await this.call('POST', '/_search/scroll', { scroll: '2m', scroll_id: page._scroll_id })) as Scrolled;
        }
        await this.call('DELETE', '/_search/scroll', { scroll_id: page._scroll_id });
      }
    }
  }
}
