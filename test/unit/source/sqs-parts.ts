import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as forward } from 'undici';
import { systemClock } from '../../../src/clock.js';
import type { SqsInputConfig } from '../../../src/config.js';
import { ConnectorError } from '../../../src/errors.js';
import type { Logger } from '../../../src/log.js';
import type { InputStream, Source } from '../../../src/record.js';
import type { RetryPolicy } from '../../../src/retry.js';
import { sqsSource } from '../../../src/source/sqs.js';
import type { Aws } from '../../support/aws.js';

/** A request to S3 or SQS as a fault chooses by: the operation of SQS (`ReceiveMessage`, …) or method and path. */
export interface Asked {
  readonly operation: string;
  readonly body: string;
}

/** Undefined: passed on. `half`: the answer breaks off in its middle. */
export type AwsFault = (asked: Asked) => { status: number; body?: string } | 'half' | undefined;

export interface AwsProxy {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): void;
}

/** A proxy before the counterpart of AWS that does what `fault` says. */
export async function awsProxy(target: string, fault: AwsFault): Promise<AwsProxy> {
  const asked: Asked[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const [, operation = `${incoming.method ?? ''} ${incoming.url ?? ''}`] =
      /^AmazonSQS\.(\w+)$/.exec(String(incoming.headers['x-amz-target'])) ?? [];
    const one = { operation, body: body.toString() };
    asked.push(one);
    const found = fault(one);
    if (typeof found === 'object') {
      response.writeHead(found.status, { 'content-type': 'application/json' }).end(found.body ?? '{}');
      return;
    }
    const headers = without(incoming.headers, ['connection', 'expect', 'content-length']);
    const method = incoming.method ?? 'GET';
    const answer = await forward(new URL(incoming.url ?? '/', target), { method, headers, body });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    response.writeHead(answer.statusCode, without(answer.headers, ['connection', 'transfer-encoding']));
    if (found === 'half') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    else response.end(bytes);
  };
  const server = createServer((incoming, response) => void handle(incoming, response).catch(() => response.destroy()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => void (server.close(), server.closeAllConnections()),
  };
}

function without<T extends object>(headers: T, names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))) as Partial<T>;
}

export interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function recordingLogger(lines: Line[]): Logger {
  const at =
    (level: string) =>
    (first: string | Readonly<Record<string, unknown>>, message?: string): void =>
      void lines.push(
        typeof first === 'string'
          ? { level, fields: {}, message: first }
          : { level, fields: first, message: message ?? '' },
      );
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export function sqsConfig(aws: Aws, queueUrl: string, changes: Partial<SqsInputConfig> = {}): SqsInputConfig {
  return {
    type: 'sqs',
    queue_url: queueUrl,
    parallel: 2,
    visibility_timeout_s: 30,
    wait_time_s: 1,
    poison_receives: 5,
    role_session_name: 'cloudconnexa-ecs',
    ...aws.settings,
    ...changes,
  };
}

const quick: RetryPolicy = { initialMs: 20, factor: 1, maxMs: 20, holdMs: 0, maxRetryAfterMs: 0, maxTries: 3 };

/** What a test sets of a source; `once` when it does not say otherwise. */
export type SourceChanges = Partial<SqsInputConfig> & { readonly once?: boolean };

/** A source that tries again at once, and an object three times. */
export function quickSource(aws: Aws, queueUrl: string, lines: Line[], changes: SourceChanges): Source {
  const { once = true, ...config } = changes;
  return sqsSource(sqsConfig(aws, queueUrl, config), {
    once,
    logger: recordingLogger(lines),
    clock: systemClock,
    objectRetry: quick,
    queueRetry: { ...quick, maxTries: Number.POSITIVE_INFINITY },
  });
}

/** What was read, by key; `undefined` where reading failed. */
export interface Reading {
  readonly streams: InputStream[];
  readonly texts: Map<string, string>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly ack?: boolean;
  readonly into?: Reading;
  /** Called with each stream that was read to its end, before it is acknowledged. */
  readonly onRead?: (stream: InputStream) => unknown;
}

export const end = { offset: 1, arrayDepth: 0 };

/** Reads a source as a run does, with as many readers as it wants, and acknowledges what was read to its end. */
export async function readAll(source: Source, options: ReadOptions = {}): Promise<Reading> {
  const { signal = new AbortController().signal, ack = true } = options;
  const into: Reading = options.into ?? { streams: [], texts: new Map() };
  const streams = source.streams(signal)[Symbol.asyncIterator]();
  const reader = async (): Promise<void> => {
    for (let step = await streams.next(); step.done !== true; step = await streams.next()) {
      into.streams.push(step.value);
      const text = await textOf(step.value).catch(whenUnreadable);
      if (text === undefined) continue;
      if (text !== '') into.texts.set(step.value.origin.key ?? '', text);
      await options.onRead?.(step.value);
      if (ack) await source.ack(step.value.id, end, true);
    }
  };
  await Promise.all(Array.from({ length: source.parallel ?? 1 }, reader));
  return into;
}

/** As a run takes it: its source reads it again. */
function whenUnreadable(error: unknown): undefined {
  if (!(error instanceof ConnectorError)) throw error;
}

export async function textOf({ bytes }: InputStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** A topic that delivers to the queue; asked for in the plain protocol, as nothing else here needs a client of SNS. */
export async function snsTopic({ settings }: Aws, queueArn: string, raw: boolean): Promise<string> {
  const scope = `${settings.access_key_id}/20260101/${settings.region}/sns/aws4_request`;
  const ask = async (fields: Record<string, string>): Promise<string> => {
    const { statusCode, body } = await forward(settings.endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields).toString(),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(text);
    return text;
  };
  const created = await ask({ Action: 'CreateTopic', Name: `topic-${randomUUID()}` });
  const TopicArn = /<TopicArn>(.*)<\/TopicArn>/.exec(created)?.[1] ?? '';
  const attribute = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': String(raw) };
  await ask({ Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint: queueArn, ...attribute });
  return TopicArn;
}
