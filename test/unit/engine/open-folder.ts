import { chmod } from 'node:fs/promises';

/** Temporary folders are private; engines of root look only where another uid can go. */
export async function openFolder(path: string): Promise<string> {
  await chmod(path, 0o755);
  return path;
}
