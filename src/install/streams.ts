import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { ask, asList, asObject, isOk, path, reasonOf } from '../target/answer.js';
import { refuse } from './store.js';
import { streamPattern } from './lifecycle.js';

/** A data stream of ours on the cluster. */
export interface DataStream {
  readonly name: string;
  readonly backingIndices: readonly string[];
}

/**
 * Our data streams, by the resolve API: minimal builds have no data stream API.
 * @throws ConnectorError CCX_OUTPUT_DENIED, CCX_ASSET_REFUSED
 */
export async function listStreams(client: Client): Promise<readonly DataStream[]> {
  const target = `/_resolve/index/${streamPattern}`;
  const answer = await ask(client, 'GET', target);
  if (answer.status === 404) return [];
  refuse(answer, `GET ${target}`, 'The data streams could not be listed');
  return asList(asObject(answer.body).data_streams).map((found) => {
    const { name, backing_indices: backing } = asObject(found);
    const indices = Array.isArray(backing) ? backing : [backing];
    return { name: String(name), backingIndices: indices.filter((index) => typeof index === 'string') };
  });
}

/** Number of documents that a search sees in a data stream, or why it is not known. */
export async function countDocuments(client: Client, stream: string): Promise<number | string> {
  const answer = await ask(client, 'GET', path`/${stream}/_count`);
  const { count } = asObject(answer.body);
  return isOk(answer) && typeof count === 'number' ? count : reasonOf(answer);
}

/** @throws ConnectorError CCX_OUTPUT_DENIED, CCX_ASSET_REFUSED */
export async function deleteStream(client: Client, stream: string): Promise<void> {
  const target = path`/_data_stream/${stream}`;
  const answer = await ask(client, 'DELETE', target);
  if (answer.status === 404) return;
  refuse(answer, `DELETE ${target}`, `Data stream ${stream} was not deleted`);
}

export interface StreamCount {
  /** Data stream, or its pattern where the cluster does not let us list them. */
  readonly name: string;
  readonly documents: number | string;
}

/**
 * Documents per data stream of ours. Without the privilege to list them each pattern of the manifest is counted instead.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED (401)
 */
export async function countStreams(client: Client, manifest: Manifest): Promise<readonly StreamCount[]> {
  const names = await streamNames(client, manifest);
  return Promise.all(names.map(async (name) => ({ name, documents: await countDocuments(client, name) })));
}

async function streamNames(client: Client, manifest: Manifest): Promise<readonly string[]> {
  try {
    return (await listStreams(client)).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code === 'CCX_OUTPUT_UNREACHABLE') throw error;
    return manifest.data_streams.map(({ pattern }) => pattern);
  }
}
