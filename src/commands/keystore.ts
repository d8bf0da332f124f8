import { buffer } from 'node:stream/consumers';
import { isUtf8 } from 'node:buffer';
import { ConnectorError } from '../errors.js';
import { givenPassword, PASSWORD_FILE_VARIABLE } from '../keystore/password.js';
import { askHidden, askTwice, isTerminal } from '../keystore/prompt.js';
import {
  changeKeystore,
  createKeystore,
  keystoreWantsPassword,
  readKeystore,
  type Password,
} from '../keystore/store.js';
import type { ConfigContext } from './context.js';

type KeystoreContext = Pick<ConfigContext, 'locateKeystore' | 'stdin' | 'stdout' | 'stderr' | 'env' | 'signal'>;

const MAX_VALUE_BYTES = 65_536;
/** As `${NAME}` in the configuration can be written. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/**
 * Makes an empty keystore. Its password comes from the environment, or else is asked for twice on the terminal, where
 * an empty answer means none.
 * @param options.password `false`: none
 * @throws ConnectorError CCX_KEYSTORE_EXISTS; CCX_KEYSTORE_LOCKED when nobody can be asked
 */
export async function keystoreCreateCommand(
  options: { readonly password: boolean },
  context: KeystoreContext,
): Promise<number> {
  const path = await context.locateKeystore();
  const password = options.password ? await firstPassword(context) : '';
  await createKeystore(path, password);
  const protection = password === '' ? 'without a password: its mode alone protects it' : 'with a password';
  context.stdout.write(`Created ${path} ${protection}.\n`);
  return 0;
}

async function firstPassword(context: KeystoreContext): Promise<string> {
  const given = givenPassword(context.env);
  if (given !== undefined) return given;
  if (isTerminal(context)) return askTwice('Password of the new keystore (empty: none)', context);
  throw new ConnectorError('CCX_KEYSTORE_LOCKED', 'no password is given for the new keystore', {
    remedy: `Set ${PASSWORD_FILE_VARIABLE}, or give --no-password: then the mode of the file alone protects it.`,
  });
}

/**
 * Stores a value, typed twice on the terminal without being shown, or the whole standard input but for the line ends at its end.
 * @throws ConnectorError CCX_KEYSTORE_VALUE, CCX_KEYSTORE_NAME and those of the keystore
 */
export async function keystoreSetCommand(
  name: string,
  options: { readonly stdin: boolean },
  context: KeystoreContext,
): Promise<number> {
  // The name may be a value in the wrong place: it is not repeated.
  if (!NAME.test(name)) throw new ConnectorError('CCX_KEYSTORE_NAME', 'what is given as the name cannot be one');
  const path = await context.locateKeystore();
  const password = await passwordFor(path, context);
  readKeystore(path, password);
  const value = checked(await newValue(`Value of ${name}`, options, context));
  let isNew = true;
  await changeKeystore(path, {
    password,
    edit: (entries) => {
      isNew = !entries.has(name);
      entries.set(name, value);
    },
  });
  context.stdout.write(`${isNew ? 'Added' : 'Replaced'} ${name}.\n`);
  return 0;
}

/** Prints the names, one a line, sorted. */
export async function keystoreListCommand(context: KeystoreContext): Promise<number> {
  const path = await context.locateKeystore();
  const names = [...readKeystore(path, await passwordFor(path, context)).keys()].sort();
  context.stdout.write(names.map((name) => `${name}\n`).join(''));
  return 0;
}

/** @throws ConnectorError CCX_KEYSTORE_NAME for a name that is not there, and those of the keystore */
export async function keystoreRemoveCommand(name: string, context: KeystoreContext): Promise<number> {
  const path = await context.locateKeystore();
  const edit = (entries: Map<string, string>): void => {
    if (entries.delete(name)) return;
    throw new ConnectorError('CCX_KEYSTORE_NAME', 'the keystore has no value of that name', { place: path });
  };
  await changeKeystore(path, { password: await passwordFor(path, context), edit });
  context.stdout.write(`Removed ${name}.\n`);
  return 0;
}

/**
 * Gives the keystore another password, typed twice or from the standard input.
 * @param options.password `false`: none from now on
 */
export async function keystorePasswdCommand(
  options: { readonly stdin: boolean; readonly password: boolean },
  context: KeystoreContext,
): Promise<number> {
  const path = await context.locateKeystore();
  const password = keystoreWantsPassword(path) ? await passwordFor(path, context) : undefined;
  readKeystore(path, password);
  const newPassword = options.password ? checked(await newValue('New password', options, context)) : '';
  await changeKeystore(path, { password, newPassword });
  context.stdout.write(newPassword === '' ? 'The keystore has no password now.\n' : 'The password is changed.\n');
  return 0;
}

/** The password the environment gives, or a person where the keystore wants one. */
async function passwordFor(path: string, context: KeystoreContext): Promise<Password> {
  const given = givenPassword(context.env);
  if (given !== undefined || !isTerminal(context) || !keystoreWantsPassword(path)) return given;
  return askHidden('Password of the keystore', context);
}

async function newValue(
  question: string,
  { stdin }: { readonly stdin: boolean },
  context: KeystoreContext,
): Promise<string> {
  if (stdin) return nonEmpty(textOf(await buffer(context.stdin)));
  if (isTerminal(context)) return askTwice(question, context);
  throw new ConnectorError('CCX_KEYSTORE_VALUE', 'there is no terminal to ask on, and --stdin is not given');
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ConnectorError('CCX_KEYSTORE_VALUE', 'the standard input is not UTF-8');
  return bytes.toString('utf8').replace(/[\r\n]+$/, '');
}

function nonEmpty(value: string): string {
  if (value !== '') return value;
  throw new ConnectorError('CCX_KEYSTORE_VALUE', 'nothing came on the standard input', {
    remedy: 'Look at what is before the pipe: the file may be empty, or the command may have failed.',
  });
}

function checked(value: string): string {
  if (value === '') throw new ConnectorError('CCX_KEYSTORE_VALUE', 'the value is empty');
  if (Buffer.byteLength(value) <= MAX_VALUE_BYTES) return value;
  throw new ConnectorError('CCX_KEYSTORE_VALUE', `the value is larger than ${MAX_VALUE_BYTES} bytes`);
}
