import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SqsInputConfig } from '../../config.js';
import { sqsClient } from '../aws/client.js';
import { explainAws } from '../aws/failure.js';
import type { Finding, ProbeOptions } from '../probe.js';
import { withRegionOfQueue } from './region.js';

/**
 * Asks for the queue's attributes. No message is received for it: that would count towards its redrive policy. So
 * the rights to receive and to delete show only in a run.
 */
export async function probeQueue(input: SqsInputConfig, { signal }: ProbeOptions): Promise<Finding[]> {
  const client = sqsClient(withRegionOfQueue(input));
  try {
    const command = new GetQueueAttributesCommand({ QueueUrl: input.queue_url, AttributeNames: ['All'] });
    const { Attributes = {} } = await client.send(command, { abortSignal: signal });
    const counts = `${Attributes['ApproximateNumberOfMessages'] ?? '?'} messages waiting, ${Attributes['ApproximateNumberOfMessagesNotVisible'] ?? '?'} in work`;
    return [{ level: 'ok', text: counts }, ...redriveFindings(Attributes['RedrivePolicy'], input.poison_receives)];
  } catch (error) {
    signal.throwIfAborted();
    return [{ level: 'failed', error: explainAws(error, input.queue_url).error }];
  } finally {
    client.destroy();
  }
}

function redriveFindings(policy: string | undefined, poisonReceives: number): Finding[] {
  if (policy === undefined || policy === '') {
    const remedy =
      'Give it one with a maxReceiveCount of 10; otherwise a message that cannot be handled comes back until it expires.';
    return [{ level: 'warn', text: 'the queue has no dead-letter queue', remedy }];
  }
  const most = Number(/"maxReceiveCount"\s*:\s*"?(\d+)/.exec(policy)?.[1]);
  if (!(most < poisonReceives)) return [];
  const text = `the queue gives a message up after ${most} receives, before it is reported as poison at ${poisonReceives}`;
  return [{ level: 'warn', text, remedy: 'Make maxReceiveCount larger, or poison_receives smaller.' }];
}
