import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asList, asObject, isOk, path } from './answer.js';
import { lackingPermissions } from './refusal.js';

/** What trying to write told. */
export interface WriteProbe {
  /** Permissions that the cluster says are lacking, as it names them, each with what it lacks for. */
  readonly lacking: readonly string[];
  /** An event came as far as the data stream's fields, or its block; false where there is no such stream yet. */
  readonly arrived: boolean;
}

/**
 * Tries to add an event that nothing can store, and a field mapping without fields, for an OpenSearch tells of its permissions only by refusing.
 * Seen on 2.19.4 with its security plugin: the names of indices count before it is looked whether they exist. No data stream is made by it.
 * @param stream name of the data stream
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED
 */
export async function probeWrite(client: Client, stream: string): Promise<WriteProbe> {
  const { exists, lacking } = await probeMapping(client, stream);
  const bulk = await ask(client, 'POST', '/_bulk', exists ? unstorable(stream) : unaddressed(stream));
  const [item] = asList(asObject(bulk.body).items).map((one) => asObject(asObject(one).create));
  const type = errorTypeOf(item);
  return {
    lacking: [...lacking, ...refused(bulk.body), ...refused(item, ` on ${stream}`)],
    arrived: exists && (type === BLOCKED || type === 'mapper_parsing_exception'),
  };
}

const BLOCKED = 'cluster_block_exception';

/** An index with a block is there, and permissions were asked before blocks. Another check tells of it. */
async function probeMapping(client: Client, stream: string): Promise<{ exists: boolean; lacking: readonly string[] }> {
  try {
    const answer = await ask(client, 'PUT', path`/${stream}/_mapping`, { properties: {} });
    const exists = isOk(answer) || errorTypeOf(answer.body) === BLOCKED;
    return { exists, lacking: refused(answer.body, ` on ${stream}`) };
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'CCX_OUTPUT_READ_ONLY') return { exists: true, lacking: [] };
    throw error;
  }
}

function errorTypeOf(refusal: unknown): unknown {
  return asObject(asObject(refusal).error).type;
}

/** No pipeline, for it could mend the event; a field that no document may have, and a time that is none. */
function unstorable(stream: string): readonly object[] {
  return [{ create: { _index: stream, pipeline: '_none' } }, { _id: 'probe', '@timestamp': { none: 0 } }];
}

/** A name that is none of an alias: refused before a data stream would be made for it. */
function unaddressed(stream: string): readonly object[] {
  return [{ create: { _index: stream, require_alias: true } }, { '@timestamp': { none: 0 } }];
}

function refused(body: unknown, on = ''): readonly string[] {
  const { type, reason } = asObject(asObject(body).error);
  if (type !== 'security_exception') return [];
  const names = lackingPermissions(String(reason))?.split(', ');
  return (names ?? ['permission']).map((name) => name + on);
}
