import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConnectorError } from '../errors.js';
import { assetFiles } from '../install/generate.js';
import type { CommandContext } from './context.js';

/**
 * Writes every asset of the manifest as a JSON file, one folder per engine, without a cluster: for those who install them
 * by other means. Prints the paths written.
 * @throws ConnectorError CCX_EXPORT_FAILED
 */
export async function exportCommand(dir: string, context: CommandContext): Promise<number> {
  const { lifecycle } = await context.loadConfig({ output: false });
  for (const { path, content } of assetFiles(lifecycle)) {
    const file = join(dir, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    } catch (cause) {
      throw new ConnectorError('CCX_EXPORT_FAILED', `The file was not written: ${(cause as Error).message}`, {
        place: file,
        cause,
      });
    }
    context.stdout.write(`${file}\n`);
  }
  return 0;
}
