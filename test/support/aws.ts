import { randomUUID } from 'node:crypto';
import {
  S3Client,
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startOrSkip } from './engine-matrix.js';
import { startMoto, type Moto } from './moto.js';

// As the command line does: the SDK's note on versions of Node.js is not part of the tests' output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** What every input that speaks to the counterpart needs besides its bucket or queue. */
export interface AwsSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly path_style: true;
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

/** Counts of a queue's messages, as it says itself. */
export interface QueueCounts {
  readonly visible: number;
  readonly hidden: number;
}

/** S3 and SQS as tests use them: buckets and queues with names of their own, as tests share the server. */
export class Aws {
  readonly settings: AwsSettings;
  readonly s3: S3Client;
  readonly sqs: SQSClient;

  constructor(endpoint: string) {
    this.settings = {
      endpoint,
      region: 'eu-central-1',
      path_style: true,
      access_key_id: 'AKIATESTTESTTESTTEST',
      secret_access_key: 'test-secret-key',
    };
    const credentials = { accessKeyId: this.settings.access_key_id, secretAccessKey: this.settings.secret_access_key };
    const shared = { endpoint, region: this.settings.region, credentials };
    this.s3 = new S3Client({ ...shared, forcePathStyle: true });
    this.sqs = new SQSClient(shared);
  }

  /** @returns the new bucket's name. */
  async bucket(): Promise<string> {
    const Bucket = `logs-${randomUUID()}`;
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
    await this.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    return Bucket;
  }

  /** @returns the new queue's URL and ARN. */
  async queue(attributes: Readonly<Record<string, string>> = {}): Promise<{ url: string; arn: string }> {
    const QueueName = `queue-${randomUUID()}`;
    const { QueueUrl = '' } = await this.sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    const wanted = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes } = await this.sqs.send(wanted);
    return { url: QueueUrl, arn: Attributes?.['QueueArn'] ?? '' };
  }

  /** A bucket whose new objects are announced on a queue, as CloudConnexa's customers set it up. */
  async announcedBucket(attributes?: Readonly<Record<string, string>>): Promise<{ bucket: string; queueUrl: string }> {
    const [bucket, queue] = await Promise.all([this.bucket(), this.queue(attributes)]);
    await this.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn: queue.arn, Events: ['s3:ObjectCreated:*'] }] },
      }),
    );
    return { bucket, queueUrl: queue.url };
  }

  async put(bucket: string, key: string, body: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async count(queueUrl: string): Promise<QueueCounts> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      visible: Number(Attributes?.['ApproximateNumberOfMessages']),
      hidden: Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  close(): void {
    this.s3.destroy();
    this.sqs.destroy();
  }
}

/**
 * To be called inside `describe`: starts a counterpart of AWS before its tests and ends it after them.
 * @returns the counterpart, for use inside tests and hooks.
 */
export function useAws(): () => Aws {
  let moto: Moto | undefined;
  let aws: Aws | undefined;
  before(async function () {
    moto = await startOrSkip(this, startMoto);
    aws = new Aws(moto.url);
  });
  after(async () => {
    aws?.close();
    await moto?.stop();
  });
  return () => {
    if (aws === undefined) throw new Error('the counterpart of AWS runs only inside tests and hooks');
    return aws;
  };
}
