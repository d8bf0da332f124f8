import { Aws } from '../support/aws.js';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { startMoto } from '../support/moto.js';

/** A bucket that is listed, and one whose objects are announced on a queue; both behind one proxy. */
export interface BucketSide {
  readonly proxy: FaultProxy;
  /** For the connector's configuration. */
  readonly inputs: readonly object[];
  put(way: 'listed' | 'announced', key: string, body: string | Buffer): Promise<void>;
  close(): Promise<void>;
}

export async function startBucketSide(): Promise<BucketSide> {
  const moto = await startMoto();
  const aws = new Aws(moto.url);
  const proxy = await startFaultProxy({ target: moto.url, isBulk: () => true });
  const listed = await aws.bucket();
  const announced = await aws.announcedBucket();
  const settings = { ...aws.settings, endpoint: proxy.url };
  const queue = new URL(announced.queueUrl);
  return {
    proxy,
    inputs: [
      { type: 's3', bucket: listed, poll_interval_s: 1, parallel: 2, ...settings },
      {
        ...{ type: 'sqs', queue_url: proxy.url + queue.pathname, parallel: 2 },
        ...{ visibility_timeout_s: 5, wait_time_s: 1, ...settings },
      },
    ],
    put: (way, key, body) => aws.put(way === 'listed' ? listed : announced.bucket, key, body),
    async close() {
      aws.close();
      await proxy.close();
      await moto.stop();
    },
  };
}
