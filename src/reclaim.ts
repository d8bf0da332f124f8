import { tryLockDataDir } from './data-dir/lock.js';
import type { Logger } from './log.js';
import type { RejectStore } from './reject.js';

/**
 * Gives back the room of records that were taken out of the reject store, unless a connector runs on `dataDir`: that one does it
 * at its next start, or when the store is full. A run that starts meanwhile waits for it.
 */
export async function reclaim(
  dataDir: string,
  rejects: RejectStore,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  const lock = await tryLockDataDir(dataDir, log);
  if (lock === undefined) return;
  try {
    await rejects.compact(() => lock.check());
  } finally {
    await lock.release();
  }
}
