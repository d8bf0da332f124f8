import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { homedir, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Engines refuse to run as root, so root starts them with this uid and gid: `nobody` on most systems, and needs no entry anywhere. */
export const unprivilegedId = 65534;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether a user other than the owner can reach `path`: every existing directory on the way lets others pass. */
export async function openToOthers(path: string): Promise<boolean> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => undefined,
  );
  if (mode !== undefined && (mode & 0o001) === 0) return false;
  const parent = dirname(path);
  return parent === path || openToOthers(parent);
}

async function firstReachable(candidates: readonly string[], fallback: string): Promise<string> {
  if (!isRoot()) return candidates[0] ?? fallback;
  for (const candidate of candidates) if (await openToOthers(candidate)) return candidate;
  return fallback;
}

/**
 * Where unpacked engines are kept between runs: the user's cache folder (`XDG_CACHE_HOME`, `~/.cache`, on macOS
 * `~/Library/Caches`), or `/var/cache` for root, whose home others can't enter.
 */
export async function engineCacheDir(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  const candidates = env['XDG_CACHE_HOME'] ? [env['XDG_CACHE_HOME'], home] : [home];
  return join(await firstReachable(candidates, '/var/cache'), 'cloudconnexa-ecs', 'engines');
}

/** Where running engines keep configuration, data and logs: the system's temporary folder. */
export async function engineRunParent(): Promise<string> {
  return firstReachable([tmpdir()], '/tmp');
}

/** Makes a folder, and the missing ones above it, so that other uids can enter it whatever the umask is. */
export async function makeOpenDir(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
