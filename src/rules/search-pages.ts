import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asList, asObject, isOk, reasonOf } from '../target/answer.js';
import { PAGE, tallyBody, tallyOf, type Key, type Question, type Tally } from './search.js';

/** More than this are not kept: memory is bounded. */
export const MAX_TALLIES = 200_000;

/** More than this are not read, also where only some are kept: a run is to end. */
export const MAX_READ = 2_000_000;

/** Who is asked. */
export interface Source {
  readonly client: Client;
  /** Names of data streams or indices, `logs-cloudconnexa.*-*`; what does not exist is empty. */
  readonly pattern: string;
  /** Ends the asking before the next search. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a question to its end, page by page, and keeps nothing. In order of the key, then of the slot.
 * @throws ConnectorError CCX_RULE_TOO_BROAD beyond `most`; CCX_OUTPUT_… when the cluster does not answer, or refuses; the signal's reason
 */
export async function* readTallies(source: Source, question: Question, most = MAX_READ): AsyncGenerator<Tally> {
  let read = 0;
  let after: Key | undefined;
  do {
    const { aggregations } = asObject(await search(source, tallyBody(question, after)));
    const { buckets, after_key: next } = asObject(asObject(aggregations)['tally']);
    const page = asList(buckets);
    read += page.length;
    if (read > most) throw tooBroad(question, most);
    for (const bucket of page) yield tallyOf(bucket, question);
    after = page.length < PAGE ? undefined : (next as Key | undefined);
  } while (after !== undefined);
}

/**
 * Asks a question to its end and keeps all answers.
 * @throws ConnectorError CCX_RULE_TOO_BROAD beyond {@link MAX_TALLIES}, and as {@link readTallies} does
 */
export async function askTallies(source: Source, question: Question): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for await (const tally of readTallies(source, question)) keep(tallies, tally, question);
  return tallies;
}

/** Adds to what a question's answers leave in memory. @throws ConnectorError CCX_RULE_TOO_BROAD beyond {@link MAX_TALLIES} */
export function keep<T>(kept: T[], one: T, question: Question): void {
  if (kept.length >= MAX_TALLIES) throw tooBroad(question, MAX_TALLIES);
  kept.push(one);
}

/**
 * The answer to a search. Parts of it are not taken for the whole: where a shard does not answer, it fails.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_OUTPUT_REFUSED; the signal's reason
 */
export async function search({ client, pattern, signal }: Source, body: object): Promise<unknown> {
  signal?.throwIfAborted();
  const options = 'ignore_unavailable=true&allow_no_indices=true&allow_partial_search_results=false';
  const answer = await ask(client, 'POST', `/${pattern}/_search?${options}`, body);
  if (isOk(answer)) return answer.body;
  const code = answer.status === 403 ? 'CCX_OUTPUT_DENIED' : 'CCX_OUTPUT_REFUSED';
  throw new ConnectorError(code, `A search was answered ${answer.status}: ${reasonOf(answer)}`, { place: pattern });
}

function tooBroad({ by, span }: Question, most: number): ConnectorError {
  const time = `${span.from.toISOString()} to ${span.to.toISOString()}`;
  return new ConnectorError(
    'CCX_RULE_TOO_BROAD',
    `There are more than ${most} combinations of ${by.join(', ')} from ${time}`,
  );
}
