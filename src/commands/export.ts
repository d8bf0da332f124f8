import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConnectorError } from '../errors.js';
import { exportFiles, exportKinds, type ExportKind } from '../install/export.js';
import type { CommandContext } from './context.js';

/**
 * Writes assets as files, without a cluster: for those who install them by other means. Prints the paths written.
 * @param args `[dir]`, `['all', dir]`, or one of `exportKinds` and the folder.
 * @throws ConnectorError CCX_EXPORT_FAILED, CCX_USAGE
 */
export async function exportCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { kinds, dir } = readArguments(args);
  const { lifecycle } = await context.loadConfig({ output: false });
  for (const { path, content } of exportFiles(kinds, lifecycle)) {
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

function readArguments(args: readonly string[]): { readonly kinds: readonly ExportKind[]; readonly dir: string } {
  const [first = '', second, ...more] = args;
  const kinds = first === 'all' ? exportKinds : exportKinds.filter((kind) => kind === first);
  // A folder that is called like a kind is written ./rules.
  const isKind = kinds.length > 0;
  const dir = isKind ? second : first;
  if (dir !== undefined && dir !== '' && more.length === 0 && isKind === (second !== undefined)) {
    return { kinds: isKind ? kinds : exportKinds, dir };
  }
  throw new ConnectorError('CCX_USAGE', 'export takes what to write and the folder to write to', {
    place: 'export',
    remedy: `Write export [all|${exportKinds.join('|')}] <dir>.`,
  });
}
