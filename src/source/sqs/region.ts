import type { SqsInputConfig } from '../../config.js';

/**
 * The configuration with the region that the queue's URL names, when no other is given: buckets announce their objects on
 * queues of their own region. Hosts are `sqs.<region>.amazonaws.com`, `<region>.queue.amazonaws.com`,
 * `sqs.<region>.api.aws` and those of VPC endpoints, `….sqs.<region>.vpce.amazonaws.com` (AWS General Reference, SQS endpoints).
 */
export function withRegionOfQueue(config: SqsInputConfig): SqsInputConfig {
  if (config.region !== undefined) return config;
  const host = new URL(config.queue_url).hostname;
  const match =
    /(?:^|\.)sqs(?:-fips)?\.([a-z\d-]+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.exec(host) ??
    /^([a-z\d-]+)\.queue\.amazonaws\.com(?:\.cn)?$/.exec(host);
  return match?.[1] === undefined ? config : { ...config, region: match[1] };
}
