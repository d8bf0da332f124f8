import { statSync } from 'node:fs';
import { PASSWORD_FILE_VARIABLE } from '../keystore/password.js';
import type { Environment } from './interpolate.js';
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

/**
 * A warning for each file of a secret, that of the keystore's password too, that every user of the machine may read.
 * @param tree the settings of all layers, before the files are read into them
 */
export function secretFileWarnings(tree: Tree, env: Environment): readonly string[] {
  const settings = secretPaths(tree).map((path) => `${path}_file`);
  const named = [
    ...settings.map((setting) => [setting, getAt(tree, setting)] as const),
    [PASSWORD_FILE_VARIABLE, env[PASSWORD_FILE_VARIABLE]] as const,
  ];
  return named.flatMap(([name, file]) => {
    if (typeof file !== 'string' || file === '' || !isReadableByAll(file)) return [];
    const remedy = `Run chmod 600 '${file}', and change the secret where others may have read it.`;
    return [`every user of this machine may read ${file}, the secret of ${name}. ${remedy}`];
  });
}

function isClear(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && value.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*:?\}/g, '') !== '';
}

function isReadableByAll(file: string): boolean {
  // Windows has no such mode.
  if (process.platform === 'win32') return false;
  try {
    return (statSync(file).mode & 0o004) !== 0;
  } catch {
    // One that is missing or out of reach is told by who reads it.
    return false;
  }
}
