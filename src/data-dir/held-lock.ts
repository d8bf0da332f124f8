import { rm } from 'node:fs/promises';
import { ConnectorError } from '../errors.js';
import type { Holder } from './holder.js';
import { lockText, type LockFiles, type OwnClaim } from './lock-file.js';
import type { DataDirLock, LockOptions } from './lock.js';

type HeldLockOptions = Pick<LockOptions, 'log' | 'onLost'> & { readonly heartbeatMs: number };

/** The lock while it is held: shows that its holder lives, and looks whether it is still its holder's. */
export class HeldLock implements DataDirLock {
  readonly #files: LockFiles;
  readonly #own: OwnClaim;
  readonly #self: Holder;
  readonly #options: HeldLockOptions;
  readonly #timer: NodeJS.Timeout;
  #counter = 0;
  #lost: ConnectorError | undefined;
  #troubled = false;
  #released = false;
  /** When the lock was last seen to be its own, by a clock that does not jump. */
  #seenMs = performance.now();
  /** One look after the other: a look must not meet a half-written heartbeat of its own. */
  #beating: Promise<void> = Promise.resolve();

  constructor(files: LockFiles, own: OwnClaim, self: Holder, options: HeldLockOptions) {
    this.#files = files;
    this.#own = own;
    this.#self = self;
    this.#options = options;
    this.#timer = setInterval(() => void this.#beat(), options.heartbeatMs).unref();
  }

  async check(): Promise<void> {
    // After a long standstill somebody may have taken it, and the timer has not come round yet.
    if (performance.now() - this.#seenMs > 2 * this.#options.heartbeatMs) await this.#beat();
    if (this.#lost !== undefined) throw this.#lost;
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#timer);
    await this.#beat();
    // A file left behind is no harm: the next one sees that this process is gone.
    if (this.#lost === undefined) await rm(this.#files.base, { force: true }).catch(() => undefined);
    await this.#own.file.close().catch(() => undefined);
  }

  #beat(): Promise<void> {
    this.#beating = this.#beating.then(() => this.#look()).catch((error: unknown) => this.#inTrouble(error));
    return this.#beating;
  }

  async #look(): Promise<void> {
    if (this.#lost !== undefined) return;
    const head = await this.#files.head();
    // What cannot be read may be this very file; the heartbeat mends it.
    if (head === undefined || (head.holder !== undefined && head.token !== this.#self.token))
      return this.#lose(head?.holder);
    this.#seenMs = performance.now();
    this.#counter += 1;
    await this.#own.file.write(lockText(this.#self, this.#counter), 0);
    await this.#own.file.datasync();
    this.#troubled = false;
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

  /** A full disk, say: not a reason to end, but others may not see that this process lives. */
  #inTrouble(error: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    const { base: path } = this.#files;
    this.#options.log.warn({ path, error }, 'the lock of data_dir cannot be renewed');
  }
}
