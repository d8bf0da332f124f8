import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asList, asObject, isBlocked, isOk, path, type Answer } from './answer.js';
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
  const mapping = await map(client, stream);
  const exists = mapping === 'blocked' || isOk(mapping) || isBlocked(mapping.body);
  const bulk = await ask(client, 'POST', '/_bulk', exists ? unstorable(stream) : unaddressed(stream));
  const [item] = asList(asObject(bulk.body).items).map((one) => asObject(asObject(one).create));
  const lacking = [
    ...(mapping === 'blocked' ? [] : refused(mapping.body, ` on ${stream}`)),
    ...refused(bulk.body),
    ...refused(item, ` on ${stream}`),
  ];
  const arrived = exists && (isBlocked(item) || asObject(item?.error).type === 'mapper_parsing_exception');
  return { lacking, arrived };
}

/** An index that a full disk made read-only: its permissions were asked before its blocks. Another check tells of it. */
async function map(client: Client, stream: string): Promise<Answer | 'blocked'> {
  try {
    return await ask(client, 'PUT', path`/${stream}/_mapping`, { properties: {} });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'CCX_OUTPUT_READ_ONLY') return 'blocked';
    throw error;
  }
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
