import { field } from './bulk-answer.js';
import { exchange, lost, refusalIn, type Answer, type ExchangeOptions, type Retry, type Stopped } from './exchange.js';
import type { Refusal } from './bulk-answer.js';
import { path } from './target/answer.js';

/** Why it is not known which ids are stored. */
export type Unanswered =
  | Retry
  | Stopped
  /** The credentials are not accepted: to be asked again when a person has mended that. */
  | { readonly kind: 'hold'; readonly refusal: Refusal }
  /** The cluster does not answer such questions, or not these credentials. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type Stored = { readonly kind: 'known'; readonly ids: ReadonlySet<string> } | Unanswered;

/** So many ids in one request: their text stays far below the bytes of the bulk request they are for. */
const MAX_IDS = 5000;
/** So many of the youngest backing indices are asked for each id; a search sees what is older. */
const YOUNG = 3;

/**
 * Asks a data stream which of these ids it has, in whichever of its backing indices. An id alone protects inside one
 * backing index only: after a rollover the same `create` gets 201 again (both engines).
 *
 * 1. `GET /_resolve/index/<stream>` names the backing indices, the write index last. No stream: nothing is stored.
 * 2. More than a few of them: one `_search` finds what is refreshed.
 * 3. `_mget`, which is realtime, finds the rest in the youngest ones. The write index is among them although `create`
 *    protects there: the stream may roll over after step 1, and before the bulk request arrives.
 *
 * A document stored before step 1 is therefore found: in an old backing index it was refreshed when the stream rolled
 * over again, in a young one that is not needed. What gets into a backing index made after step 1 is protected by
 * `create`, as that is the write index then. Nothing is kept from one call to the next: a rollover in between would
 * make it wrong.
 *
 * What stays open: a request that the engine still carries out while it is asked (of this connector, whose answer was
 * lost, or of another one that has got the same message) stores its documents twice if the stream rolls over just
 * between the two; so does a document in an index closed since, or stored less than the refresh interval before three
 * rollovers in a row.
 *
 * Needs the privileges `ship_check` of manifest.json.
 */
export async function storedIds(
  stream: string,
  ids: readonly string[],
  options: ExchangeOptions,
  signal: AbortSignal,
): Promise<Stored> {
  const ask: Ask = async (request) => judge(await exchange(request, options, signal));
  const resolved = await ask({ method: 'GET', path: path`/_resolve/index/${stream}` });
  const backing = backingIndices(resolved, stream);
  if (!Array.isArray(backing)) return backing;
  const found = new Set<string>();
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const unanswered = await find(ids.slice(from, from + MAX_IDS), { stream, backing, found, ask });
    if (unanswered) return unanswered;
  }
  return { kind: 'known', ids: found };
}

type Ask = (request: Parameters<typeof exchange>[0]) => Promise<Answer | Unanswered>;

interface Question {
  readonly stream: string;
  readonly backing: readonly string[];
  /** Gets what is found. */
  readonly found: Set<string>;
  readonly ask: Ask;
}

async function find(
  ids: readonly string[],
  { stream, backing, found, ask }: Question,
): Promise<Unanswered | undefined> {
  if (backing.length > YOUNG) {
    const unanswered = await search(stream, ids, found, ask);
    if (unanswered) return unanswered;
  }
  for (const index of backing.slice(-YOUNG).reverse()) {
    const missing = ids.filter((id) => !found.has(id));
    const unanswered = missing.length > 0 ? await get(index, missing, found, ask) : undefined;
    if (unanswered) return unanswered;
  }
  return undefined;
}

/** The names, write index last; none when there is no such stream (OpenSearch says so with 200, Elasticsearch with 404). */
function backingIndices(answer: Answer | Unanswered, stream: string): string[] | Unanswered {
  if (answer.kind === 'refused' && answer.refusal.type === 'index_not_found_exception') return [];
  if (answer.kind !== 'answer') return answer;
  const streams = field(answer.body, 'data_streams');
  if (!Array.isArray(streams)) return strange('_resolve/index');
  const own: unknown = streams.find((one) => field(one, 'name') === stream);
  if (own === undefined) return [];
  const names = field(own, 'backing_indices');
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : strange('_resolve/index');
}

/** Adds to `found` what a search sees. A shard without an answer is none: what it holds would be stored again. */
async function search(
  stream: string,
  ids: readonly string[],
  found: Set<string>,
  ask: Ask,
): Promise<Unanswered | undefined> {
  let missing = ids;
  while (missing.length > 0) {
    const answer = await ask({
      method: 'POST',
      path: path`/${stream}/_search`,
      querystring: {
        allow_partial_search_results: 'false',
        ignore_unavailable: 'true',
        filter_path: 'timed_out,_shards.total,_shards.successful,hits.hits._id',
      },
      body: { size: missing.length, track_total_hits: false, _source: false, query: { ids: { values: missing } } },
    });
    if (answer.kind !== 'answer') return answer;
    const hits = hitsOf(answer);
    if (hits === undefined) return strange('_search');
    for (const id of hits) found.add(id);
    // As many as were asked for: ids that are there twice already may have kept others out.
    if (hits.length < missing.length) return undefined;
    missing = missing.filter((id) => !found.has(id));
  }
  return undefined;
}

/** Undefined when not every shard has answered: the engines count an unassigned one neither as failed nor as successful. */
function hitsOf({ body }: Answer): string[] | undefined {
  const shards = field(body, '_shards');
  const total = field(shards, 'total');
  if (typeof total !== 'number' || field(shards, 'successful') !== total) return undefined;
  if (field(body, 'timed_out') !== false) return undefined;
  const hits = field(field(body, 'hits'), 'hits') ?? [];
  return Array.isArray(hits) ? hits.map((hit) => String(field(hit, '_id'))) : undefined;
}

/** Adds to `found` what one backing index has, refreshed or not. */
async function get(
  index: string,
  ids: readonly string[],
  found: Set<string>,
  ask: Ask,
): Promise<Unanswered | undefined> {
  const answer = await ask({
    method: 'POST',
    path: path`/${index}/_mget`,
    querystring: { _source: 'false', filter_path: 'docs.found,docs.error.type' },
    body: { ids },
  });
  if (answer.kind !== 'answer') return answer;
  const docs = field(answer.body, 'docs');
  if (!Array.isArray(docs) || docs.length !== ids.length) return strange('_mget');
  for (const [i, id] of ids.entries()) {
    const has = field(docs[i], 'found') ?? isGone(docs[i]);
    if (typeof has !== 'boolean') return unable(docs[i]);
    if (has) found.add(id);
  }
  return undefined;
}

/** False when its index was deleted or closed meanwhile: the document is not there; undefined when that is not known. */
function isGone(doc: unknown): false | undefined {
  const type = field(field(doc, 'error'), 'type');
  return type === 'index_not_found_exception' || type === 'index_closed_exception' ? false : undefined;
}

function unable(doc: unknown): Unanswered {
  const refusal = refusalIn(403, doc);
  if (refusal.type === 'security_exception') return { kind: 'refused', refusal };
  return { kind: 'retry', cause: 'server_error', detail: `_mget: ${refusal.type}`, mayBeStored: false };
}

function judge(exchanged: Answer | Retry | Stopped): Answer | Unanswered {
  if (exchanged.kind !== 'answer') return exchanged;
  const { status, body } = exchanged;
  if (status >= 200 && status < 300) return exchanged;
  return { kind: status === 401 ? 'hold' : 'refused', refusal: refusalIn(status, body) };
}

function strange(what: string): Retry {
  return lost('bad_answer', `the answer to ${what} is none, or not from every shard`);
}
