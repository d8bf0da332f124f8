import type { Client } from '@elastic/elasticsearch';
import { ask, asList, asObject, isOk, path, reasonOf } from '../target/answer.js';
import type { BuiltAsset } from './build.js';
import type { Action, Report } from './plan.js';
import { listStreams, type DataStream } from './streams.js';

/** An asset of which something was stored. */
export interface Change {
  readonly asset: BuiltAsset;
  readonly body: object;
  readonly action: Action;
}

/**
 * Templates and ISM policies reach new backing indices only. What can be added to the existing ones is added; of the rest
 * the user is told when it takes effect. Never fails a setup: the assets themselves are stored.
 */
export async function rollOut(client: Client, changes: readonly Change[], report: Report): Promise<void> {
  if (changes.length === 0) return;
  const streams = await listStreams(client);
  if (streams.length === 0) return;
  for (const item of changes) {
    if (item.asset.id === 'mappings') await putMappings(client, item, streams, report);
    if (item.asset.id === 'settings') report('The settings take effect at the next rollover of each data stream.');
    if (item.asset.id === 'ism-policy') await attachPolicy(client, item, streams, report);
  }
}

async function putMappings(
  client: Client,
  item: Change,
  streams: readonly DataStream[],
  report: Report,
): Promise<void> {
  const { mappings } = asObject(asObject(item.body).template);
  for (const { name } of streams) {
    const answer = await ask(client, 'PUT', `${path`/${name}/_mapping`}?write_index_only=true`, mappings);
    report(
      isOk(answer)
        ? `${name}: the new mapping is in force.`
        : `${name}: the new mapping takes effect at the next rollover; for the present index the cluster says: ${reasonOf(answer)}`,
    );
  }
}

/**
 * `add` manages indices that have no policy, `change_policy` moves those that have one to the new version.
 * Shapes: OpenSearch documentation, ISM API.
 */
async function attachPolicy(
  client: Client,
  { asset, action }: Change,
  streams: readonly DataStream[],
  report: Report,
): Promise<void> {
  const indices = streams.flatMap(({ backingIndices }) => backingIndices).join(',');
  const calls = action === 'update' ? (['add', 'change_policy'] as const) : (['add'] as const);
  for (const call of calls) {
    const answer = await ask(client, 'POST', path`/_plugins/_ism/${call}/${indices}`, { policy_id: asset.name });
    report(policyReport(asset.name, call, isOk(answer) ? answer.body : undefined, reasonOf(answer)));
  }
}

function policyReport(policy: string, call: 'add' | 'change_policy', body: unknown, reason: string): string {
  const done = call === 'add' ? 'added to' : 'renewed for';
  if (body === undefined) return `ISM policy ${policy} could not be ${done} existing indices: ${reason}`;
  const { updated_indices: updated, failed_indices: failed } = asObject(body);
  const refused = asList(failed).map((entry) => {
    const { index_name: index, reason: why } = asObject(entry);
    return `${String(index)} (${String(why)})`;
  });
  const rest = refused.length === 0 ? '' : `; not for ${refused.join(', ')}`;
  return `ISM policy ${policy} was ${done} ${Number(updated ?? 0)} existing indices${rest}.`;
}
