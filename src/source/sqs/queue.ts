import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type BatchResultErrorEntry,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { explainAws, type AwsFailure } from '../aws/failure.js';

/** The most that one request takes, for all kinds of requests. */
export const MOST_PER_REQUEST = 10;

/** A message as the queue gave it out. */
export interface Received {
  readonly id: string;
  /** What it is deleted, or kept hidden, by; every receive has its own. */
  readonly receipt: string;
  readonly body: string;
  /** How often it was given out, this time included; undefined when the service does not say. */
  readonly receives: number | undefined;
}

/** `gone`: the receipt is no longer good, the message is somebody else's or deleted. */
export type EntryOutcome = 'done' | 'gone' | { readonly failure: string };

export type Answer<T> = { readonly value: T } | { readonly failure: AwsFailure };

export interface QueueOptions {
  readonly url: string;
  readonly visibilityTimeoutS: number;
  readonly waitTimeS: number;
}

/** The requests to one queue. No failure is an exception, but a signal that fires: that is the SDK's AbortError. */
export class Queue {
  readonly #client: SQSClient;
  readonly #options: QueueOptions;

  constructor(client: SQSClient, options: QueueOptions) {
    this.#client = client;
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  /** Up to `count` messages (1 to 10), hidden from others from now on; none after the time to wait. */
  receive(count: number, abortSignal: AbortSignal): Promise<Answer<Received[]>> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: this.#options.waitTimeS,
      VisibilityTimeout: this.#options.visibilityTimeoutS,
      // The first is the old name, the only one that some compatible services know.
      AttributeNames: ['All'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    return this.#ask(abortSignal, async () => {
      const { Messages = [] } = await this.#client.send(command, { abortSignal });
      return Messages.flatMap(received);
    });
  }

  /** Hides messages (up to 10) for so many seconds from now; 0 shows them to everybody at once. */
  hide(
    entries: readonly { receipt: string; seconds: number }[],
    abortSignal: AbortSignal,
  ): Promise<Answer<EntryOutcome[]>> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.url,
      Entries: entries.map(({ receipt, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      })),
    });
    return this.#ask(abortSignal, async () => {
      const { Failed } = await this.#client.send(command, { abortSignal });
      return outcomes(entries.length, Failed);
    });
  }

  /** Deletes messages, up to 10. */
  remove(receipts: readonly string[], abortSignal: AbortSignal): Promise<Answer<EntryOutcome[]>> {
    const command = new DeleteMessageBatchCommand({
      QueueUrl: this.url,
      Entries: receipts.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
    });
    return this.#ask(abortSignal, async () => {
      const { Failed } = await this.#client.send(command, { abortSignal });
      return outcomes(receipts.length, Failed);
    });
  }

  async #ask<T>(signal: AbortSignal, work: () => Promise<T>): Promise<Answer<T>> {
    try {
      return { value: await work() };
    } catch (error) {
      if (signal.aborted) throw error;
      return { failure: explainAws(error, this.url) };
    }
  }
}

function received({ MessageId, ReceiptHandle, Body, Attributes }: Message): Received[] {
  if (MessageId === undefined || ReceiptHandle === undefined) return [];
  const receives = Number(Attributes?.ApproximateReceiveCount);
  return [
    {
      id: MessageId,
      receipt: ReceiptHandle,
      body: Body ?? '',
      receives: Number.isInteger(receives) && receives > 0 ? receives : undefined,
    },
  ];
}

function outcomes(count: number, failed: readonly BatchResultErrorEntry[] = []): EntryOutcome[] {
  const failedAt = new Map(failed.map((entry) => [entry.Id, entry]));
  return Array.from({ length: count }, (_, index) => {
    const entry = failedAt.get(String(index));
    return entry === undefined ? 'done' : failedOutcome(entry);
  });
}

/** A receipt that has lapsed is told in different ways, by the version of the protocol and the kind of queue. */
function failedOutcome({ Code = '', Message = '' }: BatchResultErrorEntry): EntryOutcome {
  const gone = /ReceiptHandleIsInvalid|MessageNotInflight|InvalidParameterValue/.test(Code);
  return gone ? 'gone' : { failure: `${Code}: ${Message}` };
}
