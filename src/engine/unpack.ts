import { execFile } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ConnectorError } from '../errors.js';

const run = promisify(execFile);

/** `jar` knows no permissions and the umask may be tight: the engine's uid must read everything and run what is in `bin`. */
export async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const runnable = entry.isDirectory() || entry.parentPath === join(folder, 'bin');
    await chmod(join(entry.parentPath, entry.name), runnable ? 0o755 : 0o644);
  }
}

/**
 * Unpacks a server zip beside itself with the JDK's own `jar`, so that no `unzip` is needed.
 * @returns the one folder that was inside, `opensearch-3.8.0`
 * @throws ConnectorError `CCX_ENGINE_UNPACK_FAILED`
 */
export async function unpack(zip: string, jdkHome: string): Promise<string> {
  const folder = dirname(zip);
  await run(join(jdkHome, 'bin', 'jar'), ['xf', zip], { cwd: folder }).catch((cause: unknown) => {
    throw new ConnectorError('CCX_ENGINE_UNPACK_FAILED', 'The engine could not be unpacked', { place: zip, cause });
  });
  const found = (await readdir(folder, { withFileTypes: true })).find((entry) => entry.isDirectory());
  if (!found) throw new ConnectorError('CCX_ENGINE_UNPACK_FAILED', 'The zip holds no folder', { place: zip });
  const home = join(folder, found.name);
  await openUp(home);
  return home;
}
