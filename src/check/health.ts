import { errorKinds } from '../errors.js';
import { ask, asObject, isOk, path } from '../target/answer.js';
import { untold, type Check, type CheckContext, type CheckResult } from './check.js';

const needed = {
  elasticsearch: 'the cluster privilege monitor',
  opensearch: 'the cluster permission cluster_monitor',
};

/** Whether the cluster has its shards, and room for new ones. */
export const healthCheck: Check = { subject: 'cluster', look: checkHealth };

const counts = 'status,number_of_data_nodes,active_shards,initializing_shards,unassigned_shards';

async function checkHealth(context: CheckContext): Promise<CheckResult> {
  const { client, engine } = context;
  const answer = await ask(client, 'GET', `/_cluster/health?filter_path=${counts}`);
  if (!isOk(answer)) return untold(answer, engine, needed);
  const health = asObject(answer.body);
  if (health.status === 'red') return red(context);
  return room(String(health.status), health, await shardLimit(context));
}

async function red({ client, namespace }: CheckContext): Promise<CheckResult> {
  const target = path`/_cluster/health/logs-cloudconnexa.*-${namespace}?level=indices&expand_wildcards=all`;
  const { indices } = asObject((await ask(client, 'GET', `${target}&filter_path=indices.*.status`)).body);
  const ours = Object.entries(asObject(indices)).flatMap(([name, index]) =>
    asObject(index).status === 'red' ? [name] : [],
  );
  const { remedy } = errorKinds.CCX_OUTPUT_UNHEALTHY;
  const trouble = { code: 'CCX_OUTPUT_UNHEALTHY', remedy } as const;
  if (ours.length === 0) return { ...trouble, level: 'warning', text: 'its health is red, but no index of ours is' };
  return { ...trouble, level: 'failed', text: `its health is red; of ours: ${ours.join(', ')}` };
}

/** Undefined where the cluster does not tell. */
async function shardLimit({ client }: CheckContext): Promise<number | undefined> {
  const target = '/_cluster/settings?include_defaults=true&filter_path=*.cluster.max_shards_per_node';
  const answer = await ask(client, 'GET', target);
  if (!isOk(answer)) return undefined;
  const { transient, persistent, defaults } = asObject(answer.body);
  const found = [transient, persistent, defaults]
    .map((layer) => asObject(asObject(layer).cluster).max_shards_per_node)
    .find((value) => typeof value === 'string');
  return found === undefined ? undefined : Number(found);
}

// Five data streams, each with an index of one shard and its replica.
const shardsOfAllStreams = 10;

/** The engines count shards as we do: started or not, replicas included, against the limit times the data nodes. */
function room(status: string, health: Readonly<Record<string, unknown>>, perNode: number | undefined): CheckResult {
  const of = (name: string): number => Number(health[name] ?? 0);
  if (perNode === undefined) return { level: 'ok', text: `its health is ${status}` };
  const open = of('active_shards') + of('initializing_shards') + of('unassigned_shards');
  const limit = perNode * of('number_of_data_nodes');
  const told = `its health is ${status}; ${open} of ${limit} shards are open`;
  if (limit - open >= shardsOfAllStreams) return { level: 'ok', text: told };
  const { remedy } = errorKinds.CCX_OUTPUT_NO_SHARDS;
  const level = limit <= open ? 'failed' : 'warning';
  return { level, code: 'CCX_OUTPUT_NO_SHARDS', text: `${told}: too little room for new data streams`, remedy };
}
