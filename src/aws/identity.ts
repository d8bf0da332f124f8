import { SQSClient, type SQSClientResolvedConfig } from '@aws-sdk/client-sqs';
import type { AwsAccessConfig } from '../config.js';
import { SILENCE_MS, clientOptions, handlerOptions } from './access.js';
import { known } from './known.js';

/** Who the connector is to AWS, as its own clients would be: credentials are asked for again before they expire. */
export interface AwsIdentity extends Pick<SQSClientResolvedConfig, 'region'> {
  readonly credentials: () => ReturnType<SQSClientResolvedConfig['credentials']>;
}

/**
 * Credentials and region for requests that no client of the SDK makes. Any client would do: each looks for them, and renews
 * them, in the same way. Nothing is sent before the first request is signed.
 */
export function awsIdentity(config: AwsAccessConfig): AwsIdentity {
  const { credentials, region } = new SQSClient({
    ...clientOptions(config),
    requestHandler: handlerOptions(SILENCE_MS),
  }).config;
  return { credentials: known(config, 'identity', credentials), region };
}
