import { readRejectMark } from './checkpoint.js';
import type { Logger } from './log.js';
import { rejectPaths } from './reject/compact.js';
import { missingBytes } from './reject/mark.js';

/**
 * Warns when the reject store is shorter than the checkpoint says it was: lines that are missing whole show in no other way. To be
 * called before the store is written anew, or the checkpoint is written. Throws CCX_REJECT_VERSION, CCX_DATA_DIR_UNUSABLE.
 */
export async function tellRejectLoss(dataDir: string, log: Pick<Logger, 'warn'>): Promise<void> {
  const mark = await readRejectMark(dataDir);
  if (mark === undefined) return;
  const { current: path } = rejectPaths(dataDir);
  const bytes = await missingBytes(path, mark);
  if (bytes > 0)
    log.warn({ path, bytes }, 'rejected events are missing: the reject store is shorter than it was, by so many bytes');
}
