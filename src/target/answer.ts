import { errors, type Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { awsRefusal } from './aws-refusal.js';
import type { Explanation } from './reasons.js';
import { explainRefusal } from './refusal.js';
import { Unauthorized } from './unauthorized.js';

/** What a cluster answered to one request: its status is data here, not an exception. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when the answer has none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** A path of the engines' API with its names escaped: path`/_index_template/${name}`. */
export function path(texts: TemplateStringsArray, ...names: readonly string[]): string {
  return texts.map((text, i) => text + (i < names.length ? encodeURIComponent(names[i] ?? '') : '')).join('');
}

/**
 * Sends one request and returns the answer, 403 and 404 included.
 * @param target Path, with its query if there is one (`/_resolve/index/x?expand_wildcards=open`).
 * @param body Sent as JSON; a list as lines of JSON, as `/_bulk` wants them.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE (no answer, 429, 5xx but 501), CCX_OUTPUT_READ_ONLY (429 where a full disk blocks the index),
 * CCX_OUTPUT_UNSUPPORTED (401 of Kibana or OpenSearch Dashboards)
 * and CCX_OUTPUT_DENIED (other 401, and 403 where AWS refuses a signature)
 */
export async function ask(client: Client, method: Method, target: string, body?: unknown): Promise<Answer> {
  const place = `${method} ${target}`;
  const answer = await request(client, method, target, body);
  const { status } = answer;
  const ofAws = status === 403 ? awsRefusal(reasonOf(answer)) : undefined;
  if (ofAws !== undefined) throw explained({ code: 'CCX_OUTPUT_DENIED', ...ofAws }, place);
  if (status === 401) {
    const cause = new Unauthorized(answer, reasonOf(answer));
    throw explained(cause.explain(), place, cause);
  }
  const refusal = { status, type: errorType(answer), reason: reasonOf(answer) };
  const blocked = status === 429 ? explainRefusal(refusal) : undefined;
  if (blocked !== undefined) throw explained(blocked, place);
  if (status === 429 || (status >= 500 && status !== 501)) {
    const message = `The cluster answers ${status}: ${reasonOf(answer)}`;
    throw explained({ code: 'CCX_OUTPUT_UNREACHABLE', message }, place);
  }
  return answer;
}

function explained({ code, message, remedy }: Explanation, place: string, cause?: unknown): ConnectorError {
  const about = { place, ...(cause === undefined ? {} : { cause }), ...(remedy === undefined ? {} : { remedy }) };
  return new ConnectorError(code, message, about);
}

/** No status is an error for the transport: its errors come without the response's headers. */
const anyStatus = Array.from({ length: 200 }, (_, i) => 400 + i);

async function request(client: Client, method: Method, target: string, body: unknown): Promise<Answer> {
  const [bare = '', querystring] = target.split('?');
  const params = {
    method,
    path: bare,
    ...(querystring === undefined ? {} : { querystring }),
    ...(body === undefined ? {} : Array.isArray(body) ? { bulkBody: body as object[] } : { body: body as object }),
  };
  try {
    const answer = await client.transport.request<unknown>(params, { meta: true, ignore: anyStatus });
    return { status: answer.statusCode, body: answer.body, headers: answer.headers };
  } catch (error) {
    throw unreachable(error, `${method} ${target}`);
  }
}

function unreachable(error: unknown, place: string): unknown {
  if (!(error instanceof errors.ElasticsearchClientError)) return error;
  // The client's message may name the host but never holds credentials: they are headers.
  return new ConnectorError('CCX_OUTPUT_UNREACHABLE', `No answer from the cluster: ${error.message}`, {
    place,
    cause: error,
  });
}

/** Whether a status says success. */
export function isOk(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** `error.type` of an answer, empty when it has none. */
export function errorType(answer: Answer): string {
  const { error } = asObject(answer.body);
  return text(asObject(error).type);
}

/**
 * What the engine says about a failure, one sentence: the innermost cause, because the outer ones of a template only
 * say that it is invalid.
 */
export function reasonOf(answer: Answer): string {
  const { error, message, Message } = asObject(answer.body);
  if (typeof error === 'string') return error;
  let cause = asObject(error);
  while (cause.caused_by !== undefined) cause = asObject(cause.caused_by);
  return text(cause.reason) || text(message) || text(Message) || `HTTP status ${answer.status}`;
}

/** A value as an object to look into; what is none has no members. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A value as a list; what is none is empty. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
