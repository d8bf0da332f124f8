import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineSpec, findJdk, startEngine, type EngineId, type RunningEngine } from '../../src/engine/index.js';
import { makeCertificates, storePassword, type Certificates } from './certificates.js';

export type SecurableEngine = Extract<EngineId, `elasticsearch-${string}`>;

export interface TestUser {
  readonly password: string;
  /** Names of `roles`, or built-in ones such as `superuser`. */
  readonly roles: readonly string[];
}

/** A role as `roles.yml` and the role API have it. */
export interface TestRole {
  readonly cluster?: readonly string[];
  readonly indices?: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
}

export interface SecuredOptions {
  readonly users: Readonly<Record<string, TestUser>>;
  readonly roles: Readonly<Record<string, TestRole>>;
}

/** An Elasticsearch with TLS and users. Native users and API keys cannot be made in it, only users and roles of files. */
export interface SecuredElasticsearch extends Pick<Certificates, 'caPath' | 'ca' | 'fingerprint'> {
  readonly engine: RunningEngine;
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** Replaces users and roles; the engine takes notice within seconds. */
  change(options: SecuredOptions): Promise<void>;
  stop(): Promise<void>;
}

/** The user the start asks with; it may only monitor. */
const watchman = 'ccx-watchman';
const watchmanRole: TestRole = { cluster: ['monitor'] };

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A hash as Elasticsearch's file realm reads it: PBKDF2 with HMAC-SHA-512, salt and key of 32 bytes. */
export function fileRealmHash(password: string): string {
  const salt = randomBytes(32);
  const derived = pbkdf2Sync(password, salt, 10_000, 32, 'sha512');
  return `{PBKDF2}10000$${salt.toString('base64')}$${derived.toString('base64')}`;
}

/** `role:name1,name2`: one line a role, because of two lines with the same role the last one wins. */
function usersRoles(users: SecuredOptions['users']): string {
  const names = new Map<string, string[]>();
  for (const [name, user] of Object.entries(users)) {
    for (const role of user.roles) names.set(role, [...(names.get(role) ?? []), name]);
  }
  return [...names].map(([role, holders]) => `${role}:${holders.join(',')}\n`).join('');
}

function realmFiles({ users, roles }: SecuredOptions): Record<string, string> {
  const hashes = Object.entries(users).map(([name, user]) => `${name}:${fileRealmHash(user.password)}\n`);
  // One line a role: Elasticsearch cuts the file into roles by lines before it reads YAML, so one JSON object grants nothing.
  const lines = Object.entries(roles).map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`);
  return { users: hashes.join(''), users_roles: usersRoles(users), 'roles.yml': lines.join('') };
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
    roles: { ...roles, [watchman]: watchmanRole },
  };
}

function start(
  id: SecurableEngine,
  files: Readonly<Record<string, string | Buffer>>,
  access: { ca: string; authorization: string },
): Promise<RunningEngine> {
  return startEngine(id, { settings: securitySettings, files, access });
}

/** Starts Elasticsearch with its real security: TLS by a CA of its own, users and roles of the file realm. Takes some 20 s. */
export async function startSecuredElasticsearch(
  id: SecurableEngine,
  options: SecuredOptions,
): Promise<SecuredElasticsearch> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-tls-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const password = randomBytes(12).toString('hex');
  const filesOf = (wanted: SecuredOptions): Record<string, string> => realmFiles(withWatchman(wanted, password));
  try {
    const { caPath, ca, fingerprint, serverStore } = await makeCertificates(
      folder,
      (await findJdk(engineSpec(id))).home,
    );
    const access = { ca, authorization: basicAuthorization(watchman, password) };
    const engine = await start(id, { ...filesOf(options), 'server.p12': serverStore }, access);
    return {
      ...{ engine, url: engine.url, caPath, ca, fingerprint },
      async change(wanted) {
        const config = join(dirname(engine.dataDir), 'config');
        for (const [name, text] of Object.entries(filesOf(wanted))) await writeFile(join(config, name), text);
      },
      async stop() {
        await engine.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
