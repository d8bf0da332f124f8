import { expect } from 'chai';
import { storedIds, type Stored } from '../../src/stored.js';
import { createClient } from '../../src/target/client.js';
import { startBulkServer, type Question, type Reply } from '../support/bulk-server.js';

const stream = 'logs-x-y';
const ok = (body: unknown): Reply => ({ status: 200, body });
const refused = (status: number, type: string): Reply => ({ status, body: { error: { type, reason: 'no' }, status } });
const streamOf = (...backing_indices: string[]): Reply => ok({ data_streams: [{ name: stream, backing_indices }] });
const wholeSearch = (ids: readonly string[], more: object = {}): Reply =>
  ok({ timed_out: false, _shards: { total: 5, successful: 5 }, hits: { hits: ids.map((_id) => ({ _id })) }, ...more });

/** What a search and each backing index know; answers as the engines do. */
interface Cluster {
  readonly resolve?: Reply;
  readonly search?: (ids: readonly string[], size: number) => Reply;
  readonly get?: (index: string, ids: readonly string[]) => Reply | 'cut';
  readonly has?: Readonly<Record<string, readonly string[]>>;
}

function answers({ resolve = streamOf('b1'), search = () => wholeSearch([]), get, has = {} }: Cluster) {
  const found = (index: string, ids: readonly string[]): Reply =>
    ok({ docs: ids.map((id) => ({ found: has[index]?.includes(id) ?? false })) });
  return ({ path, body }: Question): Reply | 'cut' => {
    if (path === `GET /_resolve/index/${stream}`) return resolve;
    const index = path.split('/')[1] ?? '';
    const { ids } = body as { ids: string[] };
    if (path.endsWith('/_mget')) return (get ?? found)(index, ids);
    const { size, query } = body as { size: number; query: { ids: { values: string[] } } };
    return search(query.ids.values, size);
  };
}

describe('asking which ids are stored', () => {
  let asked: Question[];

  beforeEach(() => {
    asked = [];
  });

  async function find(cluster: Cluster, ids: readonly string[] = ['a', 'b', 'c']): Promise<Stored> {
    const answer = answers(cluster);
    const ask = (question: Question): Reply | 'cut' => {
      asked.push(question);
      return answer(question);
    };
    const server = await startBulkServer({ ask });
    const client = createClient({ hosts: [server.url], gzip: true, request_timeout_s: 5 });
    const stored = await storedIds(stream, ids, { client, deadlineMs: 5000 }, new AbortController().signal);
    await server.close();
    await client.close();
    return stored;
  }

  const known = (...ids: string[]): Stored => ({ kind: 'known', ids: new Set(ids) });
  const paths = (): string[] => asked.map(({ path }) => path.replace(/^\w+ \//, ''));

  for (const [engine, resolve] of [
    ['OpenSearch', ok({ indices: [], aliases: [], data_streams: [] })],
    ['Elasticsearch', refused(404, 'index_not_found_exception')],
  ] as const) {
    it(`finds none where there is no such data stream, as ${engine} says it`, async () => {
      expect(await find({ resolve })).to.deep.equal(known());
      expect(paths()).to.deep.equal(['_resolve/index/logs-x-y']);
    });
  }

  it('asks the write index, too: the stream may roll over before the documents are sent', async () => {
    expect(await find({ has: { b1: ['a', 'c'] } })).to.deep.equal(known('a', 'c'));
    expect(paths()).to.deep.equal(['_resolve/index/logs-x-y', 'b1/_mget']);
  });

  it('asks the youngest first, and the others only for what is missing', async () => {
    const has = { b1: ['c'], b2: ['b'], b3: ['a'] };
    expect(await find({ resolve: streamOf('b1', 'b2', 'b3'), has })).to.deep.equal(known('a', 'b', 'c'));
    expect(paths().slice(1)).to.deep.equal(['b3/_mget', 'b2/_mget', 'b1/_mget']);
    expect(asked.slice(1).map(({ body }) => body)).to.deep.equal([
      { ids: ['a', 'b', 'c'] },
      { ids: ['b', 'c'] },
      { ids: ['c'] },
    ]);
  });

  it('searches a stream of many backing indices, and asks the three youngest for what a search does not see', async () => {
    const resolve = streamOf('b1', 'b2', 'b3', 'b4', 'b5');
    const stored = await find({ resolve, search: () => wholeSearch(['a']), has: { b3: ['b'] } });
    expect(stored).to.deep.equal(known('a', 'b'));
    expect(paths().slice(1)).to.deep.equal(['logs-x-y/_search', 'b5/_mget', 'b4/_mget', 'b3/_mget']);
    expect(asked[1]?.body).to.include({ size: 3, _source: false, track_total_hits: false });
  });

  it('asks nothing more when the search has found all', async () => {
    const resolve = streamOf('b1', 'b2', 'b3', 'b4');
    await find({ resolve, search: (ids) => wholeSearch(ids) });
    expect(paths().slice(1)).to.deep.equal(['logs-x-y/_search']);
  });

  it('searches again for ids that were kept out by others which are there twice', async () => {
    const all = ['a', 'a', 'b', 'b', 'c'];
    const search = (ids: readonly string[], size: number): Reply =>
      wholeSearch(all.filter((id) => ids.includes(id)).slice(0, size));
    const stored = await find({ resolve: streamOf('b1', 'b2', 'b3', 'b4'), search }, ['a', 'b', 'c', 'd']);
    expect(stored).to.deep.equal(known('a', 'b', 'c'));
    expect(paths().filter((path) => path.endsWith('_search'))).to.have.length(2);
  });

  it('asks for no more ids at once than a search may return', async () => {
    const ids = Array.from({ length: 12_000 }, (_, i) => `id-${i}`);
    const sizes: number[] = [];
    const search = (some: readonly string[], size: number): Reply => {
      sizes.push(size);
      return wholeSearch(some);
    };
    const stored = await find({ resolve: streamOf('b1', 'b2', 'b3', 'b4'), search }, ids);
    expect(stored).to.deep.equal(known(...ids));
    expect(sizes).to.deep.equal([5000, 5000, 2000]);
  });

  it('takes a backing index that is gone or closed meanwhile for one without the document', async () => {
    const types = ['index_not_found_exception', 'index_closed_exception'];
    const get = (): Reply => ok({ docs: [{ found: true }, ...types.map((type) => ({ error: { type } }))] });
    expect(await find({ get })).to.deep.equal(known('a'));
  });

  const shards = (total: number, successful: number): object => ({ _shards: { total, successful, failed: 0 } });
  const noAnswers: [string, Cluster][] = [
    ['a shard that is not assigned, which no engine counts as failed', { search: () => wholeSearch([], shards(5, 4)) }],
    ['a search that ran out of time', { search: () => wholeSearch(['a'], { timed_out: true }) }],
    ['a search answered with something else', { search: () => ok('<html>') }],
    ['a list of indices that is none', { resolve: ok({ data_streams: 'x' }) }],
    ['a data stream without indices', { resolve: ok({ data_streams: [{ name: stream }] }) }],
    ['documents too few', { get: () => ok({ docs: [{ found: true }] }) }],
    [
      'a document nobody could look for',
      { get: () => ok({ docs: ['x', 'y', 'z'].map((type) => ({ error: { type } })) }) },
    ],
    ['a connection that is cut', { get: () => 'cut' }],
    ['a cluster that is busy', { get: () => refused(429, 'busy') }],
    ['a shard failure', { search: () => refused(503, 'search_phase_execution_exception') }],
  ];
  for (const [name, cluster] of noAnswers) {
    it(`does not take for an answer: ${name}`, async () => {
      const resolve = streamOf('b1', 'b2', 'b3', 'b4');
      expect(await find({ resolve, ...cluster })).to.include({ kind: 'retry' });
    });
  }

  it('tells credentials that are not accepted from those that may not ask', async () => {
    expect(await find({ resolve: refused(401, 'security_exception') })).to.have.property('kind', 'hold');
    expect(await find({ resolve: refused(403, 'security_exception') })).to.have.property('kind', 'refused');
    const doc = { error: { type: 'security_exception', reason: 'no' } };
    expect(await find({ get: () => ok({ docs: [doc, doc, doc] }) })).to.have.property('kind', 'refused');
  });
});
