import { errors } from '@elastic/elasticsearch';
import { refusalOf } from '../bulk-answer.js';
import { ConnectorError } from '../errors.js';
import { asObject, reasonOf, type Answer } from './answer.js';
import { explainImpostor, frontEndOf, impostorOf, isEngineError, serverName } from './impostor.js';
import {
  byReason,
  byText,
  certificateInvalid,
  noTls,
  notAnEngine,
  timedOut,
  unsigned,
  viaProxy,
  type Explanation,
} from './reasons.js';
import { denied, explainRefusal } from './refusal.js';
import { connectFailure } from './trust.js';
import { explainUnauthorized, Unauthorized, type CredentialSettings } from './unauthorized.js';

/**
 * Says in plain words why a request to the cluster failed, and what to do. Works on errors of the client, of undici and
 * of Node, and on a `ConnectorError` that has one of them as its cause; any other `ConnectorError` comes back as it is.
 * @param place What was tried: a host without credentials, or method and path.
 * @param output With it a 401 names the credentials that are configured.
 * @returns CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_TLS, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNSUPPORTED, CCX_OUTPUT_REFUSED, CCX_OUTPUT_READ_ONLY or CCX_INTERNAL
 */
export function explainFailure(error: unknown, place: string, output?: CredentialSettings): ConnectorError {
  if (error instanceof ConnectorError) return error.cause === undefined ? error : refine(error, place, output);
  const found = explain(error, output) ?? { code: 'CCX_INTERNAL', message: textOf(error) };
  const { code, message, remedy } = found;
  return new ConnectorError(code, message, { place, cause: error, ...(remedy === undefined ? {} : { remedy }) });
}

/** A better explanation of the cause, where there is one. */
function refine(error: ConnectorError, place: string, output?: CredentialSettings): ConnectorError {
  return explain(error.cause) === undefined ? error : explainFailure(error.cause, place, output);
}

function explain(error: unknown, output?: CredentialSettings): Explanation | undefined {
  if (error instanceof errors.ResponseError) return explainAnswer(answerOf(error), output);
  if (error instanceof Unauthorized) return error.explain(output);
  if (error instanceof errors.DeserializationError) return notAnEngine('the answer is not JSON');
  if (error instanceof errors.TimeoutError) return timedOut;
  if (error instanceof errors.ProductNotSupportedError) return notAnEngine('it does not say that it is one');
  const unmade = connectFailure(error);
  if (unmade?.reason === 'AWS_SIGNING') return unsigned(unmade.detail);
  const byProxy = unmade && viaProxy(unmade);
  if (byProxy) return byProxy;
  return explainReason(reasonCode(error), textOf(error));
}

function answerOf({ statusCode, body, headers }: errors.ResponseError): Answer {
  return { status: statusCode ?? 0, body, headers: headers ?? {} };
}

/** The code of Node, OpenSSL or undici, wherever it is. */
function reasonCode(error: unknown): string {
  const failure = connectFailure(error);
  if (failure) return failure.reason;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonCode(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined
    ? (/\b(?:E[A-Z]{4,}|[A-Z]+_[A-Z_]{6,})\b/.exec(error.message)?.[0] ?? '')
    : reasonCode(error.cause);
}

function explainReason(reason: string, text: string): Explanation | undefined {
  const known = byReason.get(reason) ?? byText.find(([pattern]) => pattern.test(text))?.[1];
  if (known) return known;
  if (reason.startsWith('ERR_SSL_') || reason === 'EPROTO') return noTls;
  if (/CERT|_CRL|SIGNATURE/.test(reason))
    return certificateInvalid(`the server's certificate is not valid (${reason})`);
  return undefined;
}

/** What an answer that is no success means; also for one that no engine gives, whatever its status. */
function explainAnswer(answer: Answer, output?: CredentialSettings): Explanation {
  const { status, body, headers } = answer;
  const reason = reasonOf(answer);
  if (status === 407) return proxyCredentials;
  if (status === 401) return explainUnauthorized(answer, reason, output);
  const isBusy = status === 429 || (status >= 500 && status !== 501);
  if (isBusy) return cannotWork(status, reason, isEngineError(body) ? undefined : serverName(headers, body));
  const impostor = isEngineError(body) ? frontEndOf(answer) : impostorOf(answer);
  if (impostor) return explainImpostor(impostor, status);
  if (typeof body === 'string' || status === 405) return notAnEngine(`it answers ${status}`);
  const refusal = refusalOf(status, asObject(body).error ?? body);
  const refused = status === 403 ? (explainRefusal({ ...refusal, reason }) ?? denied(reason)) : undefined;
  return refused ?? { code: 'CCX_OUTPUT_REFUSED', message: `the cluster refuses the request (${status}): ${reason}` };
}

const proxyCredentials: Explanation = {
  code: 'CCX_OUTPUT_DENIED',
  message: 'a proxy in between wants credentials of its own (407)',
  remedy: 'Give them in the address of the proxy, or let this machine pass without.',
};

/** @param server The proxy that says so, when it is not the engine itself. */
function cannotWork(status: number, reason: string, server: string | undefined): Explanation {
  if (server === undefined) {
    return {
      code: 'CCX_OUTPUT_UNREACHABLE',
      message: `the cluster cannot work now (${status}): ${reason}`,
      remedy: 'Look at the health and the log of the cluster, or of the proxy before it, and try again.',
    };
  }
  return {
    code: 'CCX_OUTPUT_UNREACHABLE',
    message: `a proxy before the cluster (${server}) answers ${status} in its place`,
    remedy:
      'Look at the log of the proxy: where it sends requests, whether the engine runs there, and how long it waits.',
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
