import { rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { ConnectorError } from '../errors.js';
import { unusable } from './disk.js';
import type { Holder } from './holder.js';
import { lockText, type LockFiles, type OwnClaim } from './lock-file.js';
import type { DataDirLock, LockOptions } from './lock.js';

type HeldLockOptions = Pick<LockOptions, 'log' | 'onLost' | 'sinceBootMs'> & { readonly heartbeatMs: number };

/**
 * So many heartbeats may be missing before nothing more is written: with the default, 6 s, while others take over after 10 s
 * without a sign of life.
 */
const MISSING_BEATS = 3;

/** Batches may be finished a hundred times a second. */
const MOMENT_MS = 100;

/** The lock while it is held: shows that its holder lives, and looks whether it is still its holder's. */
export class HeldLock implements DataDirLock {
  readonly #files: LockFiles;
  readonly #own: OwnClaim;
  readonly #self: Holder;
  readonly #options: HeldLockOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #nowMs: () => number;
  #counter = 0;
  #lost: ConnectorError | undefined;
  #trouble: unknown;
  #released = false;
  /** When the lock was last seen to be its own and others could last see that its holder lives. */
  #shownMs: number;
  /** When it was last seen to be its own. */
  #lookedMs = -Infinity;
  /** One look after the other: a look must not meet a half-written heartbeat of its own. */
  #looking: Promise<void> = Promise.resolve();

  constructor(files: LockFiles, own: OwnClaim, self: Holder, options: HeldLockOptions) {
    this.#files = files;
    this.#own = own;
    this.#self = self;
    this.#options = options;
    // Unlike performance.now() it goes on while the machine sleeps (proc(5), /proc/uptime), and others do not wait for that.
    this.#nowMs = options.sinceBootMs ?? (() => uptime() * 1000);
    this.#shownMs = this.#nowMs();
    this.#timer = setInterval(() => void this.#inTurn(), options.heartbeatMs).unref();
  }

  async check(): Promise<void> {
    // Looked at, as after a long standstill somebody may have taken it and the timer has not come round yet; but others take over
    // after seconds without a sign of life, so nobody has since a moment ago.
    const nowMs = this.#nowMs();
    if (this.#lost === undefined && nowMs - this.#lookedMs < MOMENT_MS && !this.#isSilent(nowMs)) return;
    await this.#inTurn();
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#isSilent(this.#nowMs()))
      throw unusable(this.#files.base, 'the lock cannot be renewed, so others may take it', this.#trouble);
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#timer);
    await this.#inTurn();
    // Looked at once more, at the last moment. A file left behind is no harm: the next one sees that this process is gone.
    const isOwn = await this.#isOwn().catch(() => false);
    if (isOwn) await rm(this.#files.base, { force: true }).catch(() => undefined);
    await this.#own.file.close().catch(() => undefined);
  }

  #isSilent(nowMs: number): boolean {
    return nowMs - this.#shownMs > MISSING_BEATS * this.#options.heartbeatMs;
  }

  #inTurn(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#renew()).catch((error: unknown) => this.#inTrouble(error));
    return this.#looking;
  }

  /** A look, and a heartbeat when that is due: often asked, it does not write often. */
  async #renew(): Promise<void> {
    const wasOwn = await this.#isOwn();
    if (this.#lost !== undefined) return;
    if (wasOwn && this.#nowMs() - this.#shownMs < this.#options.heartbeatMs / 2) return;
    this.#counter += 1;
    await this.#own.file.write(lockText(this.#self, this.#counter), 0);
    await this.#own.file.datasync();
    if (!wasOwn && !(await this.#isOwn())) throw new Error('it makes no sense any more');
    this.#shownMs = this.#nowMs();
    this.#trouble = undefined;
  }

  /** False when it is lost, which it notes, or makes no sense: that may be this very file, and the heartbeat mends it. */
  async #isOwn(): Promise<boolean> {
    if (this.#lost !== undefined) return false;
    const beforeMs = this.#nowMs();
    const head = await this.#files.head();
    if (head?.holder !== undefined && head.token === this.#self.token) {
      this.#lookedMs = beforeMs;
      return true;
    }
    if (head === undefined || head.holder !== undefined) this.#lose(head?.holder);
    return false;
  }

  #lose(by: Holder | undefined): void {
    const who = by === undefined ? 'its lock file is gone' : `process ${by.pid} on ${by.host} has taken it`;
    const { base: place } = this.#files;
    this.#lost = new ConnectorError('CCX_DATA_DIR_LOST', `this data_dir is not this process's any more: ${who}`, {
      place,
    });
    clearInterval(this.#timer);
    this.#options.onLost?.(this.#lost);
  }

  /** A full disk, say: not yet a reason to end, but others cannot see that this process lives. */
  #inTrouble(error: unknown): void {
    const isNew = this.#trouble === undefined;
    this.#trouble = error;
    const { base: path } = this.#files;
    if (isNew) this.#options.log.warn({ path, error }, 'the lock of data_dir cannot be renewed');
  }
}
