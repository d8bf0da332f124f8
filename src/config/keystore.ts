import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readKeystore, type Password } from '../keystore/store.js';
import { givenPassword } from '../keystore/password.js';
import { shortestSecret } from '../redact.js';
import { fromEnvironment, interpolate, type Environment, type Variables } from './interpolate.js';
import type { Layer } from './layers.js';
import type { Secrets } from './secrets.js';
import { defaultKeystore } from './settings.js';
import { getAt, type Tree } from './tree.js';

/** What the origin of a value that came from there has before the name. */
export const keystoreOrigin = 'keystore ';

/** Where the keystore is, or would be. */
export interface KeystorePlace {
  readonly path: string;
  /** Whether a setting says so: then it must be there. */
  readonly named: boolean;
}

/** As the layers, or else the file, say; what the file says is relative to it, as the default is. The setting may name variables, of the environment only. */
export function keystorePlace(tree: Tree, layers: readonly Layer[], file: string, env: Environment): KeystorePlace {
  const given = layers.flatMap((layer) => layer.given).findLast(({ path }) => path === 'keystore')?.value;
  if (typeof given === 'string' && given !== '') return { path: given, named: true };
  const value = given === undefined ? fromFile(getAt(tree, 'keystore'), env) : undefined;
  if (value !== undefined && value !== '') return { path: resolve(dirname(file), value), named: true };
  return { path: join(dirname(file), defaultKeystore), named: false };
}

function fromFile(value: unknown, env: Environment): string | undefined {
  if (typeof value !== 'string') return undefined;
  const result = interpolate(value, fromEnvironment(env));
  return 'problem' in result ? undefined : result.text;
}

interface VariableSources {
  readonly place: KeystorePlace;
  readonly env: Environment;
  /** Goes before that of the environment. */
  readonly password: Password;
  /** Gets the password, and every value that is asked for and could be nothing else. */
  readonly secrets: Secrets;
}

/**
 * What `${NAME}` stands for: the keystore's value, or else the environment's. The keystore is opened at the first name
 * asked for; a configuration without variables needs neither it nor its password.
 * Asking throws as `readKeystore` does.
 */
export function configVariables({ place, env, password, secrets }: VariableSources): Variables {
  let entries: ReadonlyMap<string, string> | undefined;
  const open = (): ReadonlyMap<string, string> => {
    if (!place.named && !existsSync(place.path)) return new Map();
    const known = password ?? givenPassword(env);
    secrets.add(known ?? '');
    return readKeystore(place.path, known);
  };
  return (name) => {
    entries ??= open();
    const value = entries.get(name);
    if (value === undefined) return fromEnvironment(env)(name);
    // A shorter one, such as `30`, is in any text. In a secret setting it counts all the same, and where settings are shown its origin.
    if (value.length >= shortestSecret) secrets.add(value);
    return { value, origin: `${keystoreOrigin}${name}` };
  };
}
