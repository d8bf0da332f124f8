import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '../errors.js';
import type { Logger } from '../log.js';
import { makeDirectory, unusable } from './disk.js';
import { HeldLock } from './held-lock.js';
import { judge, thisProcess, type Holder } from './holder.js';
import { LockFiles, type Claim, type OwnClaim } from './lock-file.js';

/** A data_dir that is this process's own. */
export interface DataDirLock {
  /**
   * To be asked before anything is written that only the holder may write; looks at the lock file each time.
   * Throws CCX_DATA_DIR_LOST when another process has taken the data_dir, CCX_DATA_DIR_UNUSABLE when for three heartbeats
   * the file could not be read or written, so that others may take it.
   */
  check(): Promise<void>;
  /** Gives it back. */
  release(): Promise<void>;
}

export interface LockOptions {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Ends the wait for a holder of which nobody here can know whether it lives. */
  readonly signal: AbortSignal;
  /** Told once, with CCX_DATA_DIR_LOST, when the data_dir is found to be another's. */
  readonly onLost?: (error: ConnectorError) => void;
  /** How often the holder shows that it lives. */
  readonly heartbeatMs?: number;
  /** How often, and how many times without a change, a holder elsewhere is looked at before it counts as gone. */
  readonly lookMs?: number;
  readonly looks?: number;
  /** It is given back soon: a run that wants it meanwhile waits, and is not refused. */
  readonly brief?: boolean;
  /** Time since the machine started, in ms; the time that it slept is part of it. */
  readonly sinceBootMs?: () => number;
}

const HEARTBEAT_MS = 2_000;
const LOOK_MS = 1_000;
const LOOKS = 10;

/**
 * Takes `dataDir`, which is made if missing, for this process alone. Whether a holder on the same machine lives is known at once
 * (by its number and time of start), so a killed one is in nobody's way; one elsewhere is watched for ten seconds: looks
 * are counted, since clocks jump. One that has it `brief`ly is waited for.
 *
 * @returns undefined when `signal` fired first
 * @throws ConnectorError CCX_DATA_DIR_LOCKED with the holder; CCX_DATA_DIR_UNUSABLE
 */
export async function lockDataDir(dataDir: string, options: LockOptions): Promise<DataDirLock | undefined> {
  await makeDirectory(dataDir);
  const files = new LockFiles(dataDir);
  try {
    const self = { ...(await thisProcess()), brief: options.brief === true };
    while (!options.signal.aborted) {
      const own = await attempt(files, self, dataDir, options);
      if (own !== undefined) return new HeldLock(files, own, self, { heartbeatMs: HEARTBEAT_MS, ...options });
    }
    return undefined;
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    throw unusable(files.base, 'cannot be locked', cause);
  }
}

/** The same, briefly, where it can be had at once; undefined where it is another's, or may be. */
export async function tryLockDataDir(dataDir: string, log: LockOptions['log']): Promise<DataDirLock | undefined> {
  try {
    // No look at all: whoever may live, lives.
    return await lockDataDir(dataDir, { log, signal: new AbortController().signal, looks: 0, brief: true });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'CCX_DATA_DIR_LOCKED') return undefined;
    throw error;
  }
}

/** One try to become the holder; undefined when the state of things has changed meanwhile, or after a stop. */
async function attempt(
  files: LockFiles,
  self: Holder,
  dataDir: string,
  options: LockOptions,
): Promise<OwnClaim | undefined> {
  const head = await files.head();
  if (head !== undefined && !(await isGone(head, files, self, dataDir, options))) return undefined;
  const own = await files.claim(head === undefined ? files.base : files.successorOf(head), self);
  if (own === undefined) return undefined;
  // What was taken over may have been somebody else's, who has left since: then this claim hangs on nothing.
  if ((await files.head())?.token !== self.token) {
    await files.withdraw(own);
    return undefined;
  }
  await files.settle(own, self);
  return own;
}

/** False when the claim has changed and must be looked at anew, or after a stop. Throws CCX_DATA_DIR_LOCKED. */
async function isGone(
  head: Claim,
  files: LockFiles,
  self: Holder,
  dataDir: string,
  options: LockOptions,
): Promise<boolean> {
  const { log } = options;
  const verdict = head.holder === undefined ? 'unknown' : await judge(head.holder, self);
  if (verdict === 'lives') {
    if (!isWaitedFor(head, options)) throw locked(head, dataDir);
    await waitFor(head, files, self, options);
    return false;
  }
  if (verdict === 'gone') {
    log.info(
      { path: head.path, ...told(head) },
      'the connector that ran on this data_dir was killed; going on from there',
    );
    return true;
  }
  const now = await watch(head, files, options);
  if (options.signal.aborted || now === undefined) return false;
  if (!now.content.equals(head.content)) {
    // It moves. What can be read now, or is another's, is judged by itself.
    if (isWaitedFor(now, options)) return false;
    if (now.token === head.token || now.holder === undefined) throw locked(now, dataDir);
    return false;
  }
  log.warn({ path: head.path, ...told(head) }, 'whoever held this data_dir gives no sign of life; it is taken over');
  return true;
}

function isWaitedFor({ holder }: Claim, { looks }: LockOptions): boolean {
  return holder?.brief === true && looks !== 0;
}

/** Waits until the one who has it briefly, on this machine, has given it back or is gone. */
async function waitFor(head: Claim, files: LockFiles, self: Holder, options: LockOptions): Promise<void> {
  const { log, signal, lookMs = LOOK_MS } = options;
  log.info(
    { path: head.path, ...told(head) },
    'room is given back in the reject store of this data_dir; waiting for that',
  );
  let now: Claim | undefined = head;
  while (now?.token === head.token && now.holder !== undefined && (await judge(now.holder, self)) === 'lives') {
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    now = await files.head();
  }
}

/** Looks at a claim until it changes; as it is after the last look. */
async function watch(head: Claim, files: LockFiles, options: LockOptions): Promise<Claim | undefined> {
  const { log, signal, looks = LOOKS, lookMs = LOOK_MS } = options;
  if (looks === 0) throw locked(head, files.base);
  log.info({ path: head.path, ...told(head) }, 'this data_dir may be in use elsewhere; looking for signs of life');
  let now: Claim | undefined = head;
  for (let look = 0; look < looks && now?.content.equals(head.content) === true; look++) {
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    now = await files.head();
  }
  return now;
}

function told({ holder }: Claim): Partial<Pick<Holder, 'pid' | 'host' | 'since'>> {
  return holder === undefined ? {} : { pid: holder.pid, host: holder.host, since: holder.since };
}

function locked({ holder }: Claim, dataDir: string): ConnectorError {
  const who =
    holder === undefined
      ? 'a process that does not say who it is'
      : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  return new ConnectorError('CCX_DATA_DIR_LOCKED', `another connector runs on this data_dir: ${who}`, {
    place: dataDir,
  });
}
