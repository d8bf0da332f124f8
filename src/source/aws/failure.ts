import { ConnectorError, type ErrorCode } from '../../errors.js';
import { ruleFor } from './failure-rules.js';

/** What became of a request to AWS, or to a service that speaks its protocols. */
export interface AwsFailure {
  /**
   * `missing`: what was asked for is not there. `changed`: it is not what it was (If-Match). `denied`: credentials or rights.
   * `transient`: the same request may work later. `unfit`: this object is not to be had, while others may be. `other`: it will
   * not work until someone mends something.
   */
  readonly kind: 'missing' | 'changed' | 'denied' | 'transient' | 'unfit' | 'other';
  readonly error: ConnectorError;
  /** The service's own name of the error, such as NoSuchKey or ECONNREFUSED. */
  readonly name: string;
}

const codes = {
  missing: 'CCX_INPUT_NOT_FOUND',
  changed: 'CCX_INPUT_UNREADABLE',
  denied: 'CCX_INPUT_DENIED',
  transient: 'CCX_INPUT_UNREACHABLE',
  unfit: 'CCX_INPUT_UNREADABLE',
  other: 'CCX_INPUT_UNREADABLE',
} as const satisfies Record<AwsFailure['kind'], ErrorCode>;

const LONGEST_MESSAGE = 300;

/**
 * Says in plain words what an error of the AWS SDK (v3) means, and what to do about it.
 * @param error what the SDK, or the body of one of its answers, threw; an abort is none: look at the signal before.
 * @param place `s3://bucket/key`, or the queue's URL.
 */
export function explainAws(error: unknown, place: string): AwsFailure {
  const seen = look(error);
  const { kind, says, remedy } = ruleFor(seen, place);
  const message = `${says} (${[seen.name, seen.message].filter((text) => text !== '').join(': ')})`;
  return { kind, name: seen.name, error: new ConnectorError(codes[kind], message, { place, remedy, cause: error }) };
}

/** What there is to judge an error by. */
export interface Seen {
  readonly name: string;
  readonly message: string;
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Where the bucket really is, when the answer says so. */
  readonly region: string | undefined;
}

function look(error: unknown): Seen {
  const { name, Code, code, message, $metadata, $response, Region } = fieldsOf(error);
  const status = numberOf(fieldsOf($metadata)['httpStatusCode']) ?? numberOf(fieldsOf($response)['statusCode']);
  const text = textOf(message) ?? '';
  const headers = fieldsOf(fieldsOf($response)['headers']);
  // The SDK calls an error without a body by its status or "UnknownError"; Node's own errors carry their name in `code`.
  const named = [textOf(Code), textOf(code), textOf(name)].find((one) => one !== undefined && !vague.test(one));
  return {
    name: named ?? (status === undefined ? '' : `HTTP ${status}`),
    message: oneLine(text),
    status,
    region: textOf(headers['x-amz-bucket-region']) ?? textOf(Region) ?? /expecting '([\w-]+)'/.exec(text)?.[1],
  };
}

const vague = /^(Error|AggregateError|SyntaxError|Unknown|UnknownError|\d*)$/;

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
