import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asList, asObject, isOk, reasonOf } from '../target/answer.js';
import { PAGE, tallyBody, tallyOf, type Key, type Question, type Tally } from './search.js';

/** More combinations of values than this are not counted: memory is bounded. */
export const MAX_TALLIES = 200_000;

/**
 * Asks a question to its end, page by page.
 * @param pattern names of data streams or indices, `logs-cloudconnexa.*-*`; what does not exist is empty
 * @throws ConnectorError CCX_RULE_TOO_BROAD beyond {@link MAX_TALLIES}; CCX_OUTPUT_… when the cluster does not answer, or refuses
 */
export async function askTallies(client: Client, pattern: string, question: Question): Promise<Tally[]> {
  const tallies: Tally[] = [];
  let after: Key | undefined;
  do {
    const { aggregations } = asObject(await search(client, pattern, tallyBody(question, after)));
    const { buckets, after_key: next } = asObject(asObject(aggregations)['tally']);
    const page = asList(buckets).map((bucket) => tallyOf(bucket, question));
    tallies.push(...page);
    after = page.length < PAGE ? undefined : (next as Key | undefined);
    if (tallies.length > MAX_TALLIES) throw tooBroad(question);
  } while (after !== undefined);
  return tallies;
}

/**
 * The answer to a search. Parts of it are not taken for the whole: where a shard does not answer, it fails.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_OUTPUT_REFUSED
 */
export async function search(client: Client, pattern: string, body: object): Promise<unknown> {
  const options = 'ignore_unavailable=true&allow_no_indices=true&allow_partial_search_results=false';
  const answer = await ask(client, 'POST', `/${pattern}/_search?${options}`, body);
  if (isOk(answer)) return answer.body;
  const code = answer.status === 403 ? 'CCX_OUTPUT_DENIED' : 'CCX_OUTPUT_REFUSED';
  throw new ConnectorError(code, `A search was answered ${answer.status}: ${reasonOf(answer)}`, { place: pattern });
}

function tooBroad({ by, span }: Question): ConnectorError {
  const time = `${span.from.toISOString()} to ${span.to.toISOString()}`;
  return new ConnectorError(
    'CCX_RULE_TOO_BROAD',
    `There are more than ${MAX_TALLIES} combinations of ${by.join(', ')} from ${time}`,
  );
}
