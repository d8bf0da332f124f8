import type { S3InputConfig } from '../../config.js';
import { s3Client } from '../aws/client.js';
import { openObject } from '../aws/object.js';
import type { Finding, ProbeOptions } from '../probe.js';
import { listPage } from './listing.js';

/** Lists one page of the bucket and opens one object of it, which needs the same rights as a run. */
export async function probeBucket(input: S3InputConfig, watch: ProbeOptions): Promise<Finding[]> {
  const { bucket, prefix, suffix } = input;
  const client = s3Client(input);
  try {
    const page = await listPage(client, { bucket, prefix, after: '' }, watch);
    if (page.kind === 'failed') return [{ level: 'failed', error: page.failure.error }];
    const objects = page.objects.filter(({ key, archived }) => key.endsWith(suffix) && !archived);
    const [first] = objects;
    if (first === undefined) {
      const remedy = 'Check prefix and suffix, and that Log Streaming is on; objects may also come later.';
      const among = page.more ? ' among the first 1,000' : '';
      return [{ level: 'warn', text: `listed; no object matches${among}`, remedy }];
    }
    const opened = await openObject(client, { bucket, key: first.key }, watch);
    if (opened.kind !== 'open') return [{ level: 'failed', error: opened.failure.error }];
    await opened.object.bytes[Symbol.asyncIterator]().return?.();
    return [{ level: 'ok', text: `${objects.length}${page.more ? ' or more' : ''} found; the first can be read` }];
  } finally {
    client.destroy();
  }
}
