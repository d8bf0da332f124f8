import type { Check } from './check.js';
import { clockCheck } from './clock.js';
import { healthCheck } from './health.js';
import { privilegesCheck } from './privileges.js';
import { streamsCheck } from './streams.js';
import { templateCheck } from './template.js';

/** What is looked at of a cluster that answers, in this order: some ten small requests, one after the other. */
export const checks: readonly Check[] = [privilegesCheck, templateCheck, streamsCheck, healthCheck, clockCheck];
