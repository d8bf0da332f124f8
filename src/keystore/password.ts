import { readFileSync } from 'node:fs';
import { ConnectorError } from '../errors.js';
import type { Password } from './store.js';

export const PASSWORD_VARIABLE = 'CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD';
export const PASSWORD_FILE_VARIABLE = 'CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE';

/**
 * The keystore's password as the environment gives it, from a file or plain; an empty variable counts as not set.
 * @throws ConnectorError CCX_KEYSTORE_LOCKED for both at once, and for a file that cannot be read or is empty
 */
export function givenPassword(env: Readonly<Record<string, string | undefined>>): Password {
  const [plain, file] = [env[PASSWORD_VARIABLE] || undefined, env[PASSWORD_FILE_VARIABLE] || undefined];
  if (plain !== undefined && file !== undefined) throw unusable('is given together with the password itself');
  return file === undefined ? plain : fromFile(file);
}

function fromFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw unusable('names a file that cannot be read');
  }
  const password = text.replace(/[\r\n]+$/, '');
  if (password === '') throw unusable('names an empty file');
  return password;
}

function unusable(message: string): ConnectorError {
  return new ConnectorError('CCX_KEYSTORE_LOCKED', `${PASSWORD_FILE_VARIABLE} ${message}`, {
    place: PASSWORD_FILE_VARIABLE,
  });
}
