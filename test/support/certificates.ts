import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The password of the key stores, which exist as long as a test runs. */
export const storePassword = 'changeit';

export interface Certificates {
  /** The CA's certificate: its file, its PEM text, and its SHA-256 fingerprint (`AB:CD:…`). */
  readonly caPath: string;
  readonly ca: string;
  readonly fingerprint: string;
  /** PKCS #12 with the server's key and its chain up to the CA. */
  readonly serverStore: Buffer;
}

const key = ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '30'];
const caUse = ['-ext', 'bc:c=ca:true', '-ext', 'ku:c=keyCertSign,cRLSign'];
const serverUse = ['-ext', 'san=ip:127.0.0.1,dns:localhost', '-ext', 'eku=serverAuth'];
const ca = ['-keystore', 'ca.p12', '-alias', 'ca'];
const server = ['-keystore', 'server.p12', '-alias', 'server'];

/** In this order: a CA, a server key, its certificate signed by the CA, and both put into the server's store. */
const steps: readonly (readonly string[])[] = [
  [...key, ...ca, '-dname', 'CN=cloudconnexa-ecs test CA', ...caUse],
  [...key, ...server, '-dname', 'CN=localhost'],
  ['-certreq', ...server, '-file', 'server.csr'],
  ['-gencert', ...ca, '-infile', 'server.csr', '-outfile', 'server.pem', '-rfc', '-validity', '30', ...serverUse],
  ['-exportcert', ...ca, '-rfc', '-file', 'ca.pem'],
  ['-importcert', '-keystore', 'server.p12', '-alias', 'ca', '-file', 'ca.pem', '-noprompt'],
  ['-importcert', ...server, '-file', 'server.pem', '-noprompt'],
];

/** Makes a CA and a server certificate for 127.0.0.1 and localhost in `folder`, with the JDK's `keytool`. */
export async function makeCertificates(folder: string, jdkHome: string): Promise<Certificates> {
  const store = ['-storetype', 'PKCS12', '-storepass', storePassword];
  for (const step of steps) await run(join(jdkHome, 'bin', 'keytool'), [...step, ...store], { cwd: folder });
  const caPath = join(folder, 'ca.pem');
  const pem = await readFile(caPath, 'utf8');
  const serverStore = await readFile(join(folder, 'server.p12'));
  return { caPath, ca: pem, fingerprint: new X509Certificate(pem).fingerprint256, serverStore };
}
