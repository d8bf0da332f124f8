import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SILENCE_MS, clientOptions, handlerOptions } from '../../aws/access.js';
import { knownToClient } from '../../aws/known.js';
import type { AwsConfig } from '../../config.js';

/**
 * A client for the objects' store. Region, credentials and endpoint that the configuration does not give are those of the
 * SDK's own search; they are looked for at the first request, so what is missing shows there, to be told by `explainAws`.
 * A bucket in another region of AWS is found by itself.
 *
 * It tries a request three times within seconds; everything longer is the caller's. Request and connection are bounded in time,
 * the reading of a body is not: its reader may rest for hours while the cluster is away.
 */
export function s3Client(config: AwsConfig): S3Client {
  const client = new S3Client({
    ...clientOptions(config),
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    forcePathStyle: config.path_style,
    followRegionRedirects: true,
    // Stores that only speak the protocol may refuse, or answer wrongly, what AWS made its default in 2025.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: handlerOptions(0),
  });
  client.middlewareStack.add(knownToClient(config, client.config.credentials), { step: 'deserialize' });
  return client;
}

/**
 * A client for a queue, as `s3Client`. Its requests go to the host of the queue's URL and never to `endpoint`, which is the
 * store's: a private endpoint of S3 answers for no queue.
 */
export function sqsClient(config: AwsConfig): SQSClient {
  const client = new SQSClient({ ...clientOptions(config), requestHandler: handlerOptions(SILENCE_MS) });
  client.middlewareStack.add(knownToClient(config, client.config.credentials), { step: 'deserialize' });
  return client;
}
