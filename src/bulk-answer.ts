/** Why the engine did not take an item or a request. */
export interface Refusal {
  readonly status: number;
  /** The engine's error type, such as `document_parsing_exception`. */
  readonly type: string;
  /** The engine's words. They may quote the document: for the reject store and for 401 and 403, not for every log line. */
  readonly reason: string;
}

/** What happened to one item. */
export type ItemOutcome =
  { readonly kind: 'indexed' | 'duplicate' } | ({ readonly kind: 'retry' | 'hold' | 'reject' } & Refusal);

/**
 * Keeps answers small: of a good item only the status comes back. Less would not do: the engines leave out items of which nothing remains, so that
 * of errors alone nobody could tell whose they are.
 */
export const answerFilter = ['status', 'failure_store', 'error.type', 'error.reason', 'error.caused_by.reason']
  .map((field) => `items.*.${field}`)
  .join();

const indexed: ItemOutcome = { kind: 'indexed' };
const duplicate: ItemOutcome = { kind: 'duplicate' };

/** The answer of both engines when they have stored all of so many items: no need to parse it. */
export function allStored(count: number): string {
  return `{"items":[${`${STORED},`.repeat(Math.max(0, count - 1))}${STORED}]}`;
}

const STORED = '{"create":{"status":201}}';

/**
 * Reads the answer to a bulk request of `create` actions.
 * @param body parsed, or the text of {@link allStored}
 * @returns one outcome per item in the order of the request, or undefined when the answer is not a whole bulk answer
 *   for so many items: then nothing is known about any of them.
 */
export function parseAnswer(body: unknown, count: number): ItemOutcome[] | undefined {
  if (body === allStored(count)) return new Array<ItemOutcome>(count).fill(indexed);
  const items = field(body, 'items');
  if (!Array.isArray(items) || items.length !== count) return undefined;
  const outcomes: ItemOutcome[] = [];
  for (const item of items) {
    const outcome = parseItem(field(item, 'create'));
    if (outcome === undefined) return undefined;
    outcomes.push(outcome);
  }
  return outcomes;
}

function parseItem(item: unknown): ItemOutcome | undefined {
  const status = field(item, 'status');
  if (typeof status !== 'number') return undefined;
  if (status >= 200 && status < 300) return field(item, 'failure_store') === 'used' ? setAside(status) : indexed;
  if (status === 409) return duplicate;
  const refusal = refusalOf(status, field(item, 'error'));
  return { kind: isOutOfShards(refusal) ? 'hold' : kindOf(status), ...refusal };
}

/**
 * Elasticsearch answers 201 as well when it could not store an event in the data stream and has put it into the stream's failure store, where
 * no search finds it (https://www.elastic.co/docs/manage-data/data-store/data-streams/failure-store).
 */
function setAside(status: number): ItemOutcome {
  const reason =
    "the event does not fit into the data stream: Elasticsearch has put it into the stream's failure store, which says why";
  return { kind: 'reject', status, type: 'failure_store', reason };
}

/**
 * Whether the cluster may make no further index (`cluster.max_shards_per_node`). Both engines answer 400, as if the event were
 * wrong; but nothing is wrong with it, and so every event of a new data stream would go to the reject store.
 */
export function isOutOfShards({ status, reason }: Refusal): boolean {
  return status === 400 && /maximum .*shards open/.test(reason);
}

function kindOf(status: number): 'retry' | 'hold' | 'reject' {
  if (status === 429 || status >= 500) return 'retry';
  return status === 401 || status === 403 ? 'hold' : 'reject';
}

/** Reads an `error` object of an item or of a whole answer; anything else is kept as text. */
export function refusalOf(status: number, error: unknown): Refusal {
  const reasons = [field(error, 'reason'), field(field(error, 'caused_by'), 'reason')].filter(
    (one) => typeof one === 'string',
  );
  const type = field(error, 'type');
  const text = typeof error === 'string' ? error : '';
  return {
    status,
    type: typeof type === 'string' ? type : `http_${status}`,
    reason: reasons.join(': ') || text.slice(0, 500) || 'no reason given',
  };
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
