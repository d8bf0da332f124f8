import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Aws, type QueueCounts } from '../support/aws.js';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { startMoto } from '../support/moto.js';

export type BucketWay = 'listed' | 'announced';

/** A bucket that is listed, and one whose objects are announced on a queue; both behind one proxy. */
export interface BucketSide {
  readonly proxy: FaultProxy;
  /** For the connector's configuration. */
  readonly inputs: readonly object[];
  put(way: BucketWay, key: string, body: string | Buffer): Promise<void>;
  remove(way: BucketWay, key: string): Promise<void>;
  /** Announces an object that was announced before once more, as S3 may do. */
  announceAgain(key: string, body: string | Buffer): Promise<void>;
  /** Messages that were received so often without success that the queue gave them up, and those that are left in it. */
  messages(): Promise<{ readonly givenUp: number; readonly left: number }>;
  close(): Promise<void>;
}

/** A kill costs a message that is being read one receive, and in a storm there are many. */
const MAX_RECEIVES = 100;

/** So many seconds a message stays hidden from others when it was shown to one. */
export const HIDDEN_S = 5;

function sumOf({ visible, hidden }: QueueCounts): number {
  return visible + hidden;
}

export async function startBucketSide(): Promise<BucketSide> {
  const moto = await startMoto();
  const aws = new Aws(moto.url);
  const proxy = await startFaultProxy({ target: moto.url, isBulk: () => true });
  const listed = await aws.bucket();
  const dead = await aws.queue();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES });
  const announced = await aws.announcedBucket({ RedrivePolicy });
  const nameOf = (way: BucketWay): string => (way === 'listed' ? listed : announced.bucket);
  const settings = { ...aws.settings, endpoint: proxy.url };
  const queue = new URL(announced.queueUrl);
  return {
    proxy,
    inputs: [
      { type: 's3', bucket: listed, poll_interval_s: 1, parallel: 2, ...settings },
      {
        ...{ type: 'sqs', queue_url: proxy.url + queue.pathname, parallel: 2 },
        ...{ visibility_timeout_s: HIDDEN_S, wait_time_s: 1, ...settings },
      },
    ],
    put: (way, key, body) => aws.put(nameOf(way), key, body),
    async remove(way, key) {
      await aws.s3.send(new DeleteObjectCommand({ Bucket: nameOf(way), Key: key }));
    },
    async announceAgain(key, body) {
      const eTag = createHash('md5').update(body).digest('hex');
      const object = { key, size: Buffer.byteLength(body), eTag };
      const s3 = { bucket: { name: announced.bucket }, object };
      const record = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', awsRegion: aws.settings.region, s3 };
      const MessageBody = JSON.stringify({ Records: [record] });
      await aws.sqs.send(new SendMessageCommand({ QueueUrl: announced.queueUrl, MessageBody }));
    },
    async messages() {
      const [givenUp, left] = await Promise.all([aws.count(dead.url), aws.count(announced.queueUrl)]);
      return { givenUp: sumOf(givenUp), left: sumOf(left) };
    },
    async close() {
      aws.close();
      await proxy.close();
      await moto.stop();
    },
  };
}
