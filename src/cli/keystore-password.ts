import { ConnectorError } from '../errors.js';
import { askHidden, isTerminal, type Terminal } from '../keystore/prompt.js';

/** What goes into the request for a configuration, once a person has typed it. */
interface Typed {
  readonly keystorePassword?: string;
}

/** Does what needs the configuration; where only the keystore's password is missing, and there is a terminal, asks for it and does it again. */
export async function withKeystorePassword<T>(terminal: Terminal, resolve: (typed: Typed) => T): Promise<T> {
  try {
    return resolve({});
  } catch (error) {
    const canAsk = error instanceof ConnectorError && error.code === 'CCX_KEYSTORE_LOCKED' && isTerminal(terminal);
    if (!canAsk) throw error;
    return resolve({ keystorePassword: await askHidden('Password of the keystore', terminal) });
  }
}
