import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { ConnectorError } from '../errors.js';

/**
 * A keystore file is four lines of ASCII: format and version; the parameters as JSON; names and values, encrypted, in
 * base64; SHA-256 of the three lines before. Every version begins and ends like this. The checksum tells an accident
 * from a wrong password; whoever alters the file on purpose meets the authentication tag, which covers the parameters too.
 */
const FORMAT = 'cloudconnexa-ecs keystore';
const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;
const LAYOUT = /^(?<head>(?<format>[ -~]+) (?<version>\d+)\n(?<parameters>[ -~]*)\n)(?<data>[ -~]*)\n[0-9a-f]{64}\n$/;

/** Work and memory (128 · N · r bytes) of scrypt, https://www.rfc-editor.org/rfc/rfc7914. */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and a fraction of a second: each guess costs that, and so does each start of the connector. */
const PASSWORD_COST: Cost = { N: 2 ** 15, r: 8, p: 3 };
/** Without a password there is nothing to guess. */
const NO_PASSWORD_COST: Cost = { N: 2 ** 10, r: 8, p: 1 };

interface Parameters {
  /** Whether a password is needed to open it. */
  readonly password: boolean;
  readonly scrypt: Cost;
  /** Base64, as `iv`. */
  readonly salt: string;
  readonly iv: string;
}

export type Entries = Map<string, string>;

/** The file that holds `entries`. @param password empty: whoever has the file can read it */
export function sealKeystore(entries: ReadonlyMap<string, string>, password: string): string {
  const [salt, iv] = [randomBytes(32), randomBytes(12)];
  const scrypt = password === '' ? NO_PASSWORD_COST : PASSWORD_COST;
  const parameters: Parameters = {
    password: password !== '',
    scrypt,
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
  };
  const head = `${FORMAT} ${VERSION}\n${JSON.stringify(parameters)}\n`;
  const cipher = createCipheriv(CIPHER, keyOf(password, salt, scrypt), iv).setAAD(Buffer.from(head));
  const plain = JSON.stringify([...entries]);
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const text = `${head}${sealed.toString('base64')}\n`;
  return `${text}${sha256(text)}\n`;
}

/** Whether the file wants a password. Throws CCX_KEYSTORE_DAMAGED and CCX_KEYSTORE_VERSION as `unsealKeystore`. */
export function wantsPassword(text: string, place: string): boolean {
  return parse(text, place).parameters.password;
}

/**
 * Names and values of a keystore file.
 * @param text the file, read as latin1; @param place its path, for errors; @param password empty: none
 * @throws ConnectorError CCX_KEYSTORE_DAMAGED, CCX_KEYSTORE_VERSION, CCX_KEYSTORE_PASSWORD
 */
export function unsealKeystore(text: string, password: string, place: string): Entries {
  const { head, parameters, sealed } = parse(text, place);
  if (parameters.password !== (password !== '')) throw wrongPassword(parameters.password, place);
  const key = keyOf(password, Buffer.from(parameters.salt, 'base64'), parameters.scrypt);
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(parameters.iv, 'base64'), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(head)).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return new Map(JSON.parse(plain.toString('utf8')) as [string, string][]);
  } catch {
    throw wrongPassword(parameters.password, place);
  }
}

interface Parsed {
  readonly head: string;
  readonly parameters: Parameters;
  /** Ciphertext and tag. */
  readonly sealed: Buffer;
}

function parse(text: string, place: string): Parsed {
  const { head = '', format, version, parameters = '', data = '' } = LAYOUT.exec(text)?.groups ?? {};
  if (format !== FORMAT || text !== `${head}${data}\n${sha256(`${head}${data}\n`)}\n`) throw damaged(place);
  if (Number(version) > VERSION) throw newer(Number(version), place);
  const sealed = Buffer.from(data, 'base64');
  const known = parametersOf(parameters);
  if (known === undefined || sealed.length < TAG_BYTES) throw damaged(place);
  return { head, parameters: known, sealed };
}

function parametersOf(text: string): Parameters | undefined {
  try {
    const { password, scrypt, salt, iv } = JSON.parse(text) as Partial<Parameters>;
    if (typeof password !== 'boolean' || typeof salt !== 'string' || typeof iv !== 'string') return undefined;
    return scrypt && isBearable(scrypt) ? { password, scrypt, salt, iv } : undefined;
  } catch {
    return undefined;
  }
}

/** At most 128 MiB and some seconds: a file that somebody altered must not stop the machine. */
function isBearable({ N, r, p }: Cost): boolean {
  const isPower = Number.isInteger(Math.log2(N));
  return isPower && N >= 2 ** 10 && N <= 2 ** 17 && r === 8 && Number.isInteger(p) && p >= 1 && p <= 4;
}

function keyOf(password: string, salt: Buffer, cost: Cost): Buffer {
  // The same letters typed on another system may come in another normal form.
  return scryptSync(password.normalize('NFC'), salt, 32, { ...cost, maxmem: 2 * 128 * cost.N * cost.r });
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function damaged(place: string): ConnectorError {
  return new ConnectorError('CCX_KEYSTORE_DAMAGED', 'the keystore is torn or altered', { place });
}

function newer(version: number, place: string): ConnectorError {
  return new ConnectorError('CCX_KEYSTORE_VERSION', `the keystore has version ${version}, known is ${VERSION}`, {
    place,
  });
}

function wrongPassword(isWanted: boolean, place: string): ConnectorError {
  if (isWanted) return new ConnectorError('CCX_KEYSTORE_PASSWORD', 'the keystore does not open', { place });
  // Else anyone who may write the file could replace a protected keystore by one of his own.
  return new ConnectorError('CCX_KEYSTORE_PASSWORD', 'a password is given, but this keystore has none', {
    place,
    remedy: 'Protect it with `cloudconnexa-ecs keystore passwd`, or stop giving a password.',
  });
}
