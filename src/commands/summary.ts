import type { RunSummary } from '../run.js';

/** The counts of a run as the log shows them. */
export function summaryFields({ indexed, duplicates, rejected, unfinished }: RunSummary): Record<string, number> {
  return { indexed, duplicates, rejected, ...(unfinished === 0 ? {} : { unfinished }) };
}
