import { readRejectMark } from './checkpoint.js';
import type { Logger } from './log.js';
import { rejectPaths } from './reject/compact.js';
import { tellMissing } from './reject/damage.js';
import { missingBytes } from './reject/mark.js';

/**
 * Warns when the reject store is shorter than the checkpoint says it was. To be called before anything is written to either.
 * Throws CCX_REJECT_VERSION, CCX_DATA_DIR_UNUSABLE.
 */
export async function tellRejectLoss(dataDir: string, log: Pick<Logger, 'warn'>): Promise<void> {
  const { current: path } = rejectPaths(dataDir);
  const bytes = await missingBytes(path, await readRejectMark(dataDir));
  if (bytes > 0) tellMissing(log, path, bytes);
}
