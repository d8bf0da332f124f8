import { readFileSync } from 'node:fs';
import { Secrets } from '../redact.js';
import type { Fault } from './fault.js';
import type { Origins } from './merge.js';
import { secretPaths } from './lookup.js';
import { getAt, removeAt, setAt, type Tree } from './tree.js';

export { Secrets };

/** Makes every secret in the tree known. Reads numbers too: a password of digits alone, without quotes, is one. */
export function collectSecrets(tree: Tree, secrets: Secrets): void {
  for (const path of secretPaths(tree)) {
    const value = getAt(tree, path);
    if (typeof value === 'string' || typeof value === 'number') secrets.add(String(value));
  }
  for (const section of ['output', 'dashboards']) {
    const [username, password] = [getAt(tree, `${section}.username`), getAt(tree, `${section}.password`)];
    if (typeof username === 'string' && typeof password === 'string') secrets.addBasic(username, password);
  }
}

/** Puts the content of each `<secret>_file` into its secret, without the line end. Changes the tree. */
export function readSecretFiles(tree: Tree, origins: Origins, originOf: (path: string) => string): Fault[] {
  return secretPaths(tree).flatMap((path) => {
    const fileSetting = `${path}_file`;
    const file = getAt(tree, fileSetting);
    if (file === undefined) return [];
    const fault = readSecretFile(tree, path, file);
    removeAt(tree, fileSetting);
    if (!fault) origins.set(path, `${fileSetting}, ${originOf(fileSetting)}`);
    return fault ? [{ path: fileSetting, origin: originOf(fileSetting), ...fault }] : [];
  });
}

function readSecretFile(tree: Tree, path: string, file: unknown): Pick<Fault, 'message' | 'remedy'> | undefined {
  const remedy = 'Give the path of a file that this user may read and that holds nothing but the secret.';
  if (getAt(tree, path) !== undefined) {
    return { message: `is given together with ${path}`, remedy: 'Give only one of the two.' };
  }
  if (typeof file !== 'string') return { message: 'must be a text', remedy };
  try {
    const secret = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
    if (secret === '') return { message: 'names an empty file', remedy };
    setAt(tree, path, secret);
  } catch {
    return { message: 'names a file that cannot be read', remedy };
  }
  return undefined;
}
