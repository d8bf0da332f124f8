import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { asList, asObject } from '../target/answer.js';
import { explainFailure } from '../target/explain.js';

/** Asks the engine the searches behind the page; only reads. */
export interface SearchEngine {
  /**
   * @returns the answer's body
   * @throws ConnectorError with what is wrong in plain words
   */
  search(body: object, signal: AbortSignal): Promise<unknown>;
}

/** @param streams Index pattern, `logs-cloudconnexa.*-default`; what does not exist is empty. */
export function searchEngine(client: Client, streams: string): SearchEngine {
  const path = `/${encodeURIComponent(streams)}/_search`;
  const querystring = { ignore_unavailable: true, allow_no_indices: true, allow_partial_search_results: true };
  return {
    async search(body, signal) {
      try {
        const answer = await client.transport.request<unknown>({ method: 'POST', path, querystring, body }, { signal });
        refuseParts(answer, streams);
        return answer;
      } catch (error) {
        throw explainFailure(error, streams);
      }
    },
  };
}

/** What some of the data says is not to be taken for what all of it says. */
function refuseParts(answer: unknown, streams: string): void {
  const { timed_out: timedOut, _shards: shards } = asObject(answer);
  const { failed, failures } = asObject(shards);
  if (timedOut !== true && !(Number(failed) > 0)) return;
  const reason = asObject(asObject(asList(failures)[0])['reason']);
  const why = timedOut === true ? 'it took too long' : deepest(reason);
  throw new ConnectorError('CCX_OUTPUT_REFUSED', `The search could not look at all data: ${why}`, { place: streams });
}

function deepest({ caused_by: cause, reason }: Readonly<Record<string, unknown>>): string {
  if (cause !== undefined) return deepest(asObject(cause));
  return typeof reason === 'string' ? reason : 'a shard failed';
}
