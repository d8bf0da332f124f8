import type { User } from './company.js';
import { byAdmin, eventText, type Sampler } from './envelope.js';

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

/** An administrator starts or pauses the log stream. */
export function logStream(sampler: Sampler, what: 'started' | 'paused', admin: User, timestamp: string): string {
  const log = { 'aws-s3-bucket': `${sampler.company.cloudId}-cloudconnexa-logs`, 'aws-region': 'eu-central-1' };
  const rest = { log, userAgent: USER_AGENT };
  return eventText(sampler, timestamp, byAdmin(admin), 'Audit.Admin', `log-stream-${what}`, rest);
}

/** An administrator sends a test message; it has no `log`. */
export function testMessage(sampler: Sampler, admin: User, timestamp: string): string {
  return eventText(sampler, timestamp, byAdmin(admin), 'Activity.Admin', 'test-message', { userAgent: USER_AGENT });
}
