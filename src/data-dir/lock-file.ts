import { createHash } from 'node:crypto';
import { link, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { seal, unseal } from '../seal.js';
import { codeOf, isMissing, readIfThere } from './disk.js';
import type { Holder } from './holder.js';

/** A lock file as it was found. */
export interface Claim {
  readonly path: string;
  readonly content: Buffer;
  /** Undefined when the content makes no sense: a crash or a full disk while it was written. */
  readonly holder: Holder | undefined;
  /** Names this claim: whoever takes it over makes the file `<base>.<token>`. */
  readonly token: string;
}

/** A lock file of this process, open so that it can be rewritten in its place. */
export interface OwnClaim {
  readonly path: string;
  readonly file: FileHandle;
}

const FORMAT = 'cloudconnexa-ecs lock';
const COUNTER_DIGITS = 12;

/**
 * The lock files of a data_dir. `run.lock` names the holder. Who takes over from a holder that is gone makes
 * `run.lock.<token of that holder>`, which only one can, and puts it in the place of `run.lock`. Whoever is last in this chain
 * holds the data_dir: so nothing of a living holder is ever removed by somebody whose knowledge is old.
 */
export class LockFiles {
  readonly base: string;

  constructor(dataDir: string) {
    this.base = join(dataDir, 'run.lock');
  }

  /** The claim that counts; undefined when nobody holds the data_dir. */
  async head(): Promise<Claim | undefined> {
    let head: Claim | undefined;
    for (let found = await read(this.base); found !== undefined; found = await read(this.successorOf(found)))
      head = found;
    return head;
  }

  successorOf({ token }: Pick<Claim, 'token'>): string {
    return `${this.base}.${token}`;
  }

  /** Makes the lock file at `path`, whole from the start; undefined when somebody else was first. */
  async claim(path: string, holder: Holder): Promise<OwnClaim | undefined> {
    const draft = `${this.base}.new-${holder.token}`;
    const file = await open(draft, 'wx+', 0o600);
    try {
      await file.writeFile(lockText(holder, 0));
      await file.sync();
      await link(draft, path);
      return { path, file };
    } catch (error) {
      await file.close();
      if (isNoLink(error)) return await claimWithoutLink(path, holder);
      // The draft may have been tidied away by a holder.
      if (codeOf(error) === 'EEXIST' || isMissing(error)) return undefined;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Takes back a claim that does not count. */
  async withdraw({ path, file }: OwnClaim): Promise<void> {
    await file.close();
    await rm(path, { force: true });
  }

  /** Puts the claim that counts in the place of `run.lock`, and tidies up what others left. */
  async settle({ path }: OwnClaim, { token }: Holder): Promise<void> {
    if (path !== this.base) await rename(path, this.base);
    const directory = dirname(this.base);
    const prefix = `${basename(this.base)}.`;
    const left = (await readdir(directory)).filter((name) => name.startsWith(prefix) && name !== prefix + token);
    await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
  }
}

/** The text of a lock file: its length does not depend on the counter, so that it can be written over itself. */
export function lockText(holder: Holder, counter: number): string {
  const digits = String(counter).padStart(COUNTER_DIGITS, '0');
  return `${seal({ format: FORMAT, version: 1, counter: digits, ...holder })}\n`;
}

/** File systems without hard links. A reader may meet a half-written file: it will look again. */
async function claimWithoutLink(path: string, holder: Holder): Promise<OwnClaim | undefined> {
  const file = await open(path, 'wx+', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    await file.writeFile(lockText(holder, 0));
    await file.sync();
    return { path, file };
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

function isNoLink(error: unknown): boolean {
  return ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'].includes(codeOf(error) ?? '');
}

async function read(path: string): Promise<Claim | undefined> {
  const content = await readIfThere(path);
  if (content === undefined) return undefined;
  const holder = holderIn(content);
  const token = holder?.token ?? createHash('sha256').update(content).digest('hex').slice(0, 32);
  return { path, content, holder, token };
}

function holderIn(content: Buffer): Holder | undefined {
  const value = unseal(content.subarray(0, -1));
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== FORMAT) return undefined;
  return 'version' in value && value.version === 1 ? (value as unknown as Holder) : undefined;
}
