import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import type { ClusterKind } from '../manifest.js';
import { ask, asList, asObject, errorType, isOk, path, reasonOf, type Answer } from '../target/answer.js';

/** What a cluster has under a name. */
export type Stored =
  | { readonly state: 'found'; readonly body: object; readonly revision: Revision | undefined }
  | { readonly state: 'missing' }
  | { readonly state: 'denied'; readonly reason: string };

/** ISM takes a change only from those who have seen the last one. */
interface Revision {
  readonly seqNo: number;
  readonly primaryTerm: number;
}

interface KindApi {
  readonly path: (name: string) => string;
  /** Takes the body, as the builders make it, out of the answer to a GET. */
  readonly body: (answer: unknown, name: string) => unknown;
}

const apis: Readonly<Record<ClusterKind, KindApi>> = {
  component_template: {
    path: (name) => path`/_component_template/${name}`,
    body: (answer) => asObject(asList(asObject(answer).component_templates)[0]).component_template,
  },
  index_template: {
    path: (name) => path`/_index_template/${name}`,
    body: (answer) => asObject(asList(asObject(answer).index_templates)[0]).index_template,
  },
  ingest_pipeline: {
    path: (name) => path`/_ingest/pipeline/${name}`,
    body: (answer, name) => asObject(answer)[name],
  },
  ilm_policy: {
    path: (name) => path`/_ilm/policy/${name}`,
    body: (answer, name) => only(asObject(asObject(answer)[name]), 'policy'),
  },
  ism_policy: {
    path: (name) => path`/_plugins/_ism/policies/${name}`,
    body: (answer) => only(asObject(answer), 'policy'),
  },
};

/**
 * Reads what is stored under a name. An API that the cluster does not have stores nothing.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED (401)
 */
export async function read(client: Client, kind: ClusterKind, name: string): Promise<Stored> {
  const answer = await ask(client, 'GET', apis[kind].path(name));
  if (answer.status === 403) return { state: 'denied', reason: reasonOf(answer) };
  const body = isOk(answer) ? apis[kind].body(answer.body, name) : undefined;
  if (typeof body !== 'object' || body === null) return { state: 'missing' };
  const { _seq_no: seqNo, _primary_term: primaryTerm } = asObject(answer.body);
  const known = typeof seqNo === 'number' && typeof primaryTerm === 'number';
  return { state: 'found', body, revision: known ? { seqNo, primaryTerm } : undefined };
}

/**
 * Stores an object under a name.
 * @throws ConnectorError CCX_ASSET_REFUSED with the cluster's own words, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE
 */
export async function write(
  client: Client,
  kind: ClusterKind,
  name: string,
  body: object,
  stored: Stored,
): Promise<void> {
  const revision = stored.state === 'found' ? stored.revision : undefined;
  const query = revision ? `?if_seq_no=${revision.seqNo}&if_primary_term=${revision.primaryTerm}` : '';
  const target = apis[kind].path(name) + query;
  refuse(await ask(client, 'PUT', target, body), `PUT ${target}`, `${spoken(kind)} ${name} was not stored`);
}

/**
 * Removes what is stored under a name; nothing there is fine.
 * @throws ConnectorError CCX_ASSET_REFUSED with the cluster's own words, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE
 */
export async function remove(client: Client, kind: ClusterKind, name: string): Promise<void> {
  const target = apis[kind].path(name);
  const answer = await ask(client, 'DELETE', target);
  if (answer.status === 404) return;
  refuse(answer, `DELETE ${target}`, `${spoken(kind)} ${name} was not removed`);
}

/** A kind as people say it. */
export function spoken(kind: string): string {
  return kind.replace(/[_-]/g, ' ').replace('ilm', 'ILM').replace('ism', 'ISM');
}

/** @throws ConnectorError when the answer is not a success. */
export function refuse(answer: Answer, place: string, what: string): void {
  if (isOk(answer)) return;
  const said = `${what}: ${reasonOf(answer)}`;
  if (answer.status === 403) throw new ConnectorError('CCX_OUTPUT_DENIED', said, { place });
  const type = errorType(answer);
  throw new ConnectorError('CCX_ASSET_REFUSED', type === '' ? said : `${said} [${type}]`, { place });
}

function only(object: Readonly<Record<string, unknown>>, key: string): object | undefined {
  return key in object ? { [key]: object[key] } : undefined;
}
