import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { engineSpec, findJdk, startEngine, type EngineSpec } from '../../src/engine/index.js';
import { makeCertificates, storePassword, type Certificates } from './certificates.js';
import type { SecuredEngine, SecuredOptions } from './secured-engine.js';

/** The newest OpenSearch whose security plugin is published and fits a published server as it is. */
export const securableOpenSearch: EngineSpec = {
  ...engineSpec('opensearch-2'),
  name: 'OpenSearch 2.19.4',
  version: '2.19.4',
  coordinates: 'org.opensearch.distribution.integ-test-zip:opensearch:2.19.4:zip',
  plugin: 'org.opensearch.plugin:opensearch-security:2.19.4.0:zip',
};

const base64Url = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

/** A JSON Web Token, signed with HMAC-SHA-256 (RFC 7519), good for an hour. */
function signToken(key: Buffer, user: string, roles: readonly string[]): string {
  const claims = { sub: user, roles, exp: Math.floor(Date.now() / 1000) + 3600 };
  const text = `${base64Url('{"alg":"HS256","typ":"JWT"}')}.${base64Url(JSON.stringify(claims))}`;
  return `${text}.${base64Url(createHmac('sha256', key).update(text).digest())}`;
}

const store = (layer: 'http' | 'transport'): Record<string, string> => ({
  [`plugins.security.ssl.${layer}.keystore_type`]: 'PKCS12',
  [`plugins.security.ssl.${layer}.keystore_filepath`]: 'server.p12',
  [`plugins.security.ssl.${layer}.keystore_password`]: storePassword,
  [`plugins.security.ssl.${layer}.keystore_alias`]: 'server',
  [`plugins.security.ssl.${layer}.truststore_type`]: 'PKCS12',
  [`plugins.security.ssl.${layer}.truststore_filepath`]: 'server.p12',
  [`plugins.security.ssl.${layer}.truststore_password`]: storePassword,
});

const securitySettings = {
  ...store('http'),
  ...store('transport'),
  'plugins.security.ssl.http.enabled': true,
  'plugins.security.ssl.transport.enforce_hostname_verification': false,
  'plugins.security.allow_default_init_securityindex': true,
  'plugins.security.restapi.roles_enabled': 'all_access,everything',
  // A hash as strong as the default takes half a second.
  'plugins.security.password.hashing.bcrypt.rounds': 4,
};

/** What the plugin reads at its first start. Users come later, by its API; until then there are tokens alone. */
function configFiles(key: Buffer): Record<string, string> {
  const file = (type: string, content: object): [string, string] => [
    `opensearch-security/${type === 'internalusers' ? 'internal_users' : type === 'rolesmapping' ? 'roles_mapping' : type}.yml`,
    JSON.stringify({ _meta: { type, config_version: 2 }, ...content }),
  ];
  const jwt = { signing_key: key.toString('base64'), jwt_header: 'Authorization', roles_key: 'roles' };
  const domain = (order: number, type: string, backend: string, config: object = {}): object => ({
    ...{ http_enabled: true, transport_enabled: true, order },
    http_authenticator: { type, challenge: type === 'basic', config },
    authentication_backend: { type: backend },
  });
  const authc = { basic: domain(1, 'basic', 'intern'), token: domain(0, 'jwt', 'noop', jwt) };
  return Object.fromEntries([
    file('config', { config: { dynamic: { authc } } }),
    file('internalusers', {}),
    file('roles', {}),
    file('rolesmapping', { all_access: { backend_roles: ['all_access'] } }),
  ]);
}

type Put = (kind: 'internalusers' | 'roles' | 'rolesmapping', name: string, body: object) => Promise<void>;

async function load(put: Put, { users, roles }: SecuredOptions): Promise<void> {
  for (const [name, body] of Object.entries(roles)) await put('roles', name, body);
  for (const [name, { password }] of Object.entries(users)) await put('internalusers', name, { password });
  for (const name of Object.keys(roles)) {
    const holders = Object.keys(users).filter((user) => users[user]?.roles.includes(name));
    await put('rolesmapping', name, { users: holders, backend_roles: [name] });
  }
}

function putter(url: string, ca: string, authorization: string): Put {
  return async (kind, name, body) => {
    const dispatcher = new Agent({ connect: { ca } });
    const answer = await request(`${url}/_plugins/_security/api/${kind}/${name}`, {
      dispatcher,
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = await answer.body.text();
    await dispatcher.close();
    if (answer.statusCode >= 300) throw new Error(`${kind} ${name} was not stored: ${said}`);
  };
}

/** Each request makes the plugin read all of its configuration again. */
function onlyChanges(put: Put): Put {
  const known = new Map<string, string>();
  return async (kind, name, body) => {
    const [key, text] = [`${kind}/${name}`, JSON.stringify(body)];
    if (known.get(key) === text) return;
    await put(kind, name, body);
    known.set(key, text);
  };
}

async function start(folder: string, options: SecuredOptions): Promise<SecuredEngine> {
  const { home } = await findJdk(securableOpenSearch);
  const certificates: Certificates = await makeCertificates(folder, home);
  const { ca, serverStore } = certificates;
  const key = randomBytes(32);
  const authorization = `Bearer ${signToken(key, 'ccx-admin', ['all_access'])}`;
  const engine = await startEngine(securableOpenSearch, {
    settings: securitySettings,
    files: { ...configFiles(key), 'server.p12': serverStore },
    access: { ca, authorization },
  });
  const put = onlyChanges(putter(engine.url, ca, authorization));
  const change = (wanted: SecuredOptions): Promise<void> => load(put, wanted);
  const stop = (): Promise<void> => engine.stop();
  try {
    await change(options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...certificates, engine, url: engine.url, change, token: signToken(key, 'ccx-token', ['ship']), stop };
}

/** Starts OpenSearch with its real security: TLS by a CA of its own, users, roles and mappings by its REST API. */
export async function startSecuredOpenSearch(options: SecuredOptions): Promise<SecuredEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-tls-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const secured = await start(folder, options);
    return { ...secured, stop: () => secured.stop().finally(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
