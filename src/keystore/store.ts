import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, isMissing, syncDirectory } from '../data-dir/disk.js';
import { ConnectorError } from '../errors.js';
import { sealKeystore, unsealKeystore, wantsPassword, type Entries } from './format.js';

/** A password for a keystore; undefined: nobody gave one. */
export type Password = string | undefined;

interface KeystoreFile {
  /** ASCII where it is whole. */
  readonly text: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Names and values of the keystore at `path`.
 * @throws ConnectorError CCX_KEYSTORE_MISSING, _PERMISSIONS, _FILE, _DAMAGED, _VERSION, _PASSWORD; _LOCKED when it wants a password and
 * there is none
 */
export function readKeystore(path: string, password: Password): ReadonlyMap<string, string> {
  return unlock(readFile(path), path, password);
}

/** Whether the keystore at `path` wants a password. Throws as `readKeystore`. */
export function keystoreWantsPassword(path: string): boolean {
  return wantsPassword(readFile(path).text, path);
}

/** Makes an empty keystore, mode 0600. @throws ConnectorError CCX_KEYSTORE_EXISTS, _BUSY, _FILE */
export async function createKeystore(path: string, password: string): Promise<void> {
  await replace(path, () => {
    if (isThere(path)) throw new ConnectorError('CCX_KEYSTORE_EXISTS', 'there is a keystore already', { place: path });
    return Promise.resolve(sealKeystore(new Map(), password));
  });
}

export interface Change {
  readonly password: Password;
  /** Replaces the password; empty: none from now on. */
  readonly newPassword?: string;
  /** Changes the entries it is given. What it throws leaves the keystore as it was. */
  readonly edit?: (entries: Entries) => void;
}

/** Changes the keystore at `path`: whenever it ends, the old one or the new one is there, whole. Throws as `readKeystore`, and CCX_KEYSTORE_BUSY. */
export async function changeKeystore(path: string, { password, newPassword, edit }: Change): Promise<void> {
  // A link keeps pointing where it did.
  const target = await realpath(path).catch(() => path);
  await replace(target, async (file) => {
    const old = readFile(target);
    const entries = unlock(old, target, password);
    edit?.(entries);
    await keepOwner(file, old);
    return sealKeystore(entries, newPassword ?? password ?? '');
  });
}

/** The new file's exclusive creation is the lock: whoever made it reads, writes and renames, alone. */
async function replace(path: string, make: (file: FileHandle) => Promise<string>): Promise<void> {
  const next = `${path}.new`;
  const file = await open(next, 'wx', 0o600).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST' ? busy(next) : fileError(path, error);
  });
  try {
    await write(file, make);
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error instanceof ConnectorError ? error : fileError(path, error);
  }
  await syncDirectory(dirname(path)).catch((error: unknown) => Promise.reject(fileError(path, error)));
}

async function write(file: FileHandle, make: (file: FileHandle) => Promise<string>): Promise<void> {
  try {
    await file.writeFile(await make(file));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Set by root, the keystore must stay readable for the user who runs the connector. */
async function keepOwner(file: FileHandle, old: KeystoreFile): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid !== old.uid || gid !== old.gid) await file.chown(old.uid, old.gid);
}

function unlock({ text }: KeystoreFile, path: string, password: Password): Entries {
  if (password === undefined && wantsPassword(text, path)) {
    throw new ConnectorError('CCX_KEYSTORE_LOCKED', 'the keystore wants its password', { place: path });
  }
  return unsealKeystore(text, password ?? '', path);
}

function readFile(path: string): KeystoreFile {
  try {
    // A pipe in its place would keep an open that waits for a writer.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      const { mode, uid, gid } = stat;
      if (!stat.isFile()) throw new ConnectorError('CCX_KEYSTORE_FILE', 'what is there is no file', { place: path });
      if ((mode & 0o077) !== 0 && process.platform !== 'win32') throw openToOthers(mode, path);
      return { text: readFileSync(descriptor, 'latin1'), uid, gid };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (!isMissing(error)) throw fileError(path, error);
    throw new ConnectorError('CCX_KEYSTORE_MISSING', 'there is no keystore', { place: path });
  }
}

function isThere(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

function openToOthers(mode: number, path: string): ConnectorError {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return new ConnectorError('CCX_KEYSTORE_PERMISSIONS', `the keystore has mode ${octal}: it is not its owner's alone`, {
    place: path,
    remedy: `Run: chmod 600 '${path}'; where others had access, change the secrets in it too.`,
  });
}

function busy(next: string): ConnectorError {
  return new ConnectorError('CCX_KEYSTORE_BUSY', 'the keystore is being changed by another command', { place: next });
}

function fileError(path: string, cause: unknown): ConnectorError {
  const reason = codeOf(cause) ?? 'unknown';
  return new ConnectorError('CCX_KEYSTORE_FILE', `the keystore cannot be read or written: ${reason}`, {
    place: path,
    cause,
  });
}
