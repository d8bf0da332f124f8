import { statSync } from 'node:fs';
import { secretPaths } from './lookup.js';
import { getAt, type Tree } from './tree.js';

/**
 * A warning when a configuration file that every user of the machine may read has secrets in the clear, which a default inside a
 * `${NAME:default}` is too; undefined otherwise.
 * @param tree the file's settings, before variables are put in
 */
export function exposureWarning(tree: Tree, file: string): string | undefined {
  const clear = secretPaths(tree).filter((path) => isClear(getAt(tree, path)));
  if (clear.length === 0 || !isReadableByAll(file)) return undefined;
  const settings = `${clear.join(', ')} ${clear.length === 1 ? 'is' : 'are'}`;
  const remedy = `Run chmod 600 '${file}', or move the value to a file (${clear[0]}_file) or into the keystore, and change it where others may have read it.`;
  return `every user of this machine may read ${file}, where ${settings} in the clear. ${remedy}`;
}

function isClear(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && value.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*:?\}/g, '') !== '';
}

function isReadableByAll(file: string): boolean {
  // Windows has no such mode.
  const mode = process.platform === 'win32' ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
  return mode !== undefined && (mode & 0o004) !== 0;
}
