import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineUnderTest } from './engine-matrix.js';

/** A hit's `_source` and the like: read by the test that knows what it stored. */
export type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };

interface SearchAnswer {
  readonly _scroll_id?: string;
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _id: string; readonly _source: Record<string, Json> }[];
  };
  readonly aggregations?: Record<string, { readonly buckets: readonly { key: string; doc_count: number }[] }>;
}

/** What is stored in the data streams of one namespace, asked of the engine itself and not through the connector. */
export interface Stored {
  /** Documents in all data streams of the namespace; 0 where there is none. */
  count(query?: object): Promise<number>;
  search(body: object): Promise<SearchAnswer>;
  /** Ids of all documents, of all backing indices. */
  ids(): Promise<ReadonlySet<string>>;
  /** Term and count of each bucket. */
  terms(field: string, query?: object): Promise<Record<string, number>>;
  call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>;
}

export function storedIn(engine: EngineUnderTest, namespace: string): Stored {
  const pattern = `logs-cloudconnexa.*-${namespace}`;
  const call: Stored['call'] = async (method, path, body) => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(engine.running().url + path, { method, ...json });
    return { status: answer.status, body: await answer.json() };
  };
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    let answer = await call(method, path, body);
    // A data stream that is just being made has shards that cannot be searched yet.
    for (let tries = 1; answer.status === 503 && tries < 50; tries += 1) {
      await sleep(100);
      answer = await call(method, path, body);
    }
    if (answer.status !== 200)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const search = async (body: object): Promise<SearchAnswer> => {
    await ask('POST', `/${pattern}/_refresh`);
    return (await ask('POST', `/${pattern}/_search`, { track_total_hits: true, ...body })) as SearchAnswer;
  };
  return {
    call,
    search,
    count: async (query) => (await search({ size: 0, ...(query && { query }) })).hits.total.value,
    async ids() {
      const seen = new Set<string>();
      await ask('POST', `/${pattern}/_refresh`);
      const whole = { size: 10_000, _source: false, sort: ['_doc'] };
      let page = (await ask('POST', `/${pattern}/_search?scroll=1m`, whole)) as SearchAnswer;
      while (page.hits.hits.length > 0) {
        for (const { _id } of page.hits.hits) seen.add(_id);
        page = (await ask('POST', '/_search/scroll', { scroll: '1m', scroll_id: page._scroll_id })) as SearchAnswer;
      }
      await ask('DELETE', '/_search/scroll', { scroll_id: page._scroll_id });
      return seen;
    },
    async terms(field, query) {
      const aggs = { terms: { terms: { field, size: 10_000 } } };
      const { aggregations } = await search({ size: 0, aggs, ...(query && { query }) });
      return Object.fromEntries((aggregations?.['terms']?.buckets ?? []).map(({ key, doc_count }) => [key, doc_count]));
    },
  };
}
