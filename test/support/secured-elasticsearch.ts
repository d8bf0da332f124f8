import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineSpec, findJdk, startEngine, type EngineId } from '../../src/engine/index.js';
import { makeCertificates, storePassword } from './certificates.js';
import { basicAuthorization, type SecuredEngine, type SecuredOptions } from './secured-engine.js';

export type SecurableElasticsearch = Extract<EngineId, `elasticsearch-${string}`>;

/** The user the start asks with; it may only monitor. */
const watchman = 'ccx-watchman';
/** The built-in service account that may write to logs-*: its privileges are Elasticsearch's own, not ours. */
const serviceToken = 'elastic/fleet-server/ccx';

/** A hash as Elasticsearch's file realm reads it: PBKDF2 with HMAC-SHA-512, salt and key of 32 bytes. */
export function fileRealmHash(password: string): string {
  const salt = randomBytes(32);
  const derived = pbkdf2Sync(password, salt, 10_000, 32, 'sha512');
  return `{PBKDF2}10000$${salt.toString('base64')}$${derived.toString('base64')}`;
}

/** What `elasticsearch-service-tokens` prints: a version of four bytes, then name and secret. */
function bearerToken(secret: string): string {
  return Buffer.from(`\u0000\u0001\u0000\u0001${serviceToken}:${secret}`).toString('base64');
}

/** `role:name1,name2`: one line a role, because of two lines with the same role the last one wins. */
function usersRoles(users: SecuredOptions['users']): string {
  const names = new Map<string, string[]>();
  for (const [name, user] of Object.entries(users)) {
    for (const role of user.roles) names.set(role, [...(names.get(role) ?? []), name]);
  }
  return [...names].map(([role, holders]) => `${role}:${holders.join(',')}\n`).join('');
}

function realmFiles({ users, roles }: SecuredOptions, secret: string): Record<string, string> {
  const hashes = Object.entries(users).map(([name, user]) => `${name}:${fileRealmHash(user.password)}\n`);
  // One line a role: Elasticsearch cuts the file into roles by lines before it reads YAML, so one JSON object grants nothing.
  const lines = Object.entries(roles).map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`);
  return {
    users: hashes.join(''),
    users_roles: usersRoles(users),
    'roles.yml': lines.join(''),
    service_tokens: `${serviceToken}:${fileRealmHash(secret)}\n`,
  };
}

const securitySettings = {
  'xpack.security.enabled': true,
  // It would add secure settings that the minimal server does not know.
  'xpack.security.autoconfiguration.enabled': false,
  'xpack.security.http.ssl.enabled': true,
  'xpack.security.http.ssl.keystore.path': 'server.p12',
  'xpack.security.http.ssl.keystore.password': storePassword,
  // How often changed files of users and roles are looked for.
  'resource.reload.interval.high': '500ms',
};

/** Users and roles with the one that the start asks with. */
function withWatchman({ users, roles }: SecuredOptions, password: string): SecuredOptions {
  return {
    users: { ...users, [watchman]: { password, roles: [watchman] } },
    roles: { ...roles, [watchman]: { cluster: ['monitor'] } },
  };
}

async function start(id: SecurableElasticsearch, folder: string, options: SecuredOptions): Promise<SecuredEngine> {
  const [password, secret] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  const filesOf = (wanted: SecuredOptions): Record<string, string> =>
    realmFiles(withWatchman(wanted, password), secret);
  const { caPath, ca, fingerprint, serverStore } = await makeCertificates(folder, (await findJdk(engineSpec(id))).home);
  const engine = await startEngine(id, {
    settings: securitySettings,
    files: { ...filesOf(options), 'server.p12': serverStore },
    access: { ca, authorization: basicAuthorization(watchman, password) },
  });
  return {
    ...{ engine, url: engine.url, caPath, ca, fingerprint, token: bearerToken(secret) },
    async change(wanted) {
      const config = join(dirname(engine.dataDir), 'config');
      for (const [name, text] of Object.entries(filesOf(wanted))) await writeFile(join(config, name), text);
    },
    stop: () => engine.stop(),
  };
}

/**
 * Starts Elasticsearch with its real security: TLS by a CA of its own, users and roles of the file realm (native users
 * and API keys cannot be made in it). Takes some 20 s.
 */
export async function startSecuredElasticsearch(
  id: SecurableElasticsearch,
  options: SecuredOptions,
): Promise<SecuredEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-tls-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const secured = await start(id, folder, options);
    return { ...secured, stop: () => secured.stop().finally(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
