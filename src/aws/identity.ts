import { SQSClient, type SQSClientResolvedConfig } from '@aws-sdk/client-sqs';
import type { AwsAccessConfig } from '../config.js';
import { SILENCE_MS, clientOptions, handlerOptions } from './access.js';

/** Who the connector is to AWS, as its own clients would be: credentials are asked for again before they expire. */
export type AwsIdentity = Pick<SQSClientResolvedConfig, 'credentials' | 'region'>;

/**
 * Credentials and region for requests that no client of the SDK makes. Any client would do: each looks for them, and renews
 * them, in the same way. Nothing is sent before the first request is signed.
 */
export function awsIdentity(config: AwsAccessConfig): AwsIdentity {
  const { credentials, region } = new SQSClient({
    ...clientOptions(config),
    requestHandler: handlerOptions(SILENCE_MS),
  }).config;
  return { credentials, region };
}
