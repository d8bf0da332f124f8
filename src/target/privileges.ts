import type { Client } from '@elastic/elasticsearch';
import { loadManifest, type Access } from '../manifest.js';
import { ask, asList, asObject, isOk } from './answer.js';
import type { Engine } from './capability.js';
import { probeWrite } from './write-probe.js';

/** Whether the credentials may ship events, as far as the cluster tells. */
export interface PrivilegeFinding {
  readonly known: boolean;
  readonly missing: boolean;
  /** A sentence for the user. */
  readonly text: string;
}

/**
 * Asks Elasticsearch whether the credentials have the privileges that manifest.json lists for shipping, and for looking
 * up what is stored; shipping goes on without the latter (`POST /_security/user/_has_privileges`, which every user may ask about itself).
 * OpenSearch tells everyone who they are and which roles they have, but nobody what these allow: there it is tried, see `probeWrite`.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED
 */
export async function shippingPrivileges(client: Client, engine: Engine, namespace: string): Promise<PrivilegeFinding> {
  if (engine === 'opensearch') return tried(client, `logs-cloudconnexa.flow-${namespace}`);
  const { ship, ship_check: check } = loadManifest().privileges.elasticsearch;
  const answer = await ask(client, 'POST', '/_security/user/_has_privileges', within(check, namespace));
  // Without security the path does not exist, and everyone may do everything.
  if (!isOk(answer)) return unknown(`the cluster does not tell (${answer.status}); without security all is allowed`);
  const lacking = [...denied(asObject(answer.body).cluster), ...deniedByIndex(asObject(answer.body).index)];
  const needed = new Set([...ship.cluster, ...ship.indices.flatMap(({ privileges }) => privileges)]);
  const missing = lacking.filter(({ name }) => needed.has(name)).map(({ text }) => text);
  if (missing.length > 0) {
    const text = `privileges: the credentials lack ${missing.join(', ')}; grant them to the user, key or role`;
    return { known: true, missing: true, text };
  }
  const text = 'privileges: the credentials may ship events';
  if (lacking.length === 0) return { known: true, missing: false, text };
  const without = lacking.map((one) => one.text).join(', ');
  return { known: true, missing: false, text: `${text}; to look up which are stored they lack ${without}` };
}

async function tried(client: Client, stream: string): Promise<PrivilegeFinding> {
  const who = await whoWeAre(client);
  const { lacking, arrived } = await probeWrite(client, stream);
  const [user, having] = who === undefined ? ['the credentials', ''] : [`the user ${who.user}`, ` (${who.roles})`];
  if (lacking.length > 0) {
    const text = `privileges: ${user}${having} ${who === undefined ? 'lack' : 'lacks'} ${lacking.join(', ')}; grant them to the user, key or role`;
    return { known: true, missing: true, text };
  }
  if (arrived) return { known: true, missing: false, text: `privileges: ${user}${having} may ship events` };
  if (who === undefined) return unknown('OpenSearch does not tell; run shows it with the first event');
  return unknown(`${user}${having} may send events; whether it may make data streams, run shows with the first one`);
}

/** The security plugin's word on the credentials, seen on 2.19.4. What a role is called says nothing of what it allows. */
async function whoWeAre(client: Client): Promise<{ readonly user: string; readonly roles: string } | undefined> {
  const answer = await ask(client, 'GET', '/_plugins/_security/authinfo');
  const { user_name: user, roles } = asObject(answer.body);
  if (!isOk(answer) || typeof user !== 'string') return undefined;
  const names = asList(roles).map(String);
  const kind = names.length === 1 ? 'role' : 'roles';
  return { user, roles: names.length === 0 ? 'no role' : `${kind} ${names.join(', ')}` };
}

/** A role may be limited to this namespace. */
function within({ cluster, indices }: Access, namespace: string): object {
  const own = (name: string): string => name.replace(/-\*$/, `-${namespace}`);
  return { cluster, index: indices.map((one) => ({ ...one, names: one.names.map(own) })) };
}

function unknown(why: string): PrivilegeFinding {
  return { known: false, missing: false, text: `privileges: ${why}` };
}

interface Lack {
  readonly name: string;
  /** The privilege, and on what it is missing. */
  readonly text: string;
}

function denied(granted: unknown, on = ''): Lack[] {
  return Object.entries(asObject(granted))
    .filter(([, has]) => has === false)
    .map(([name]) => ({ name, text: name + on }));
}

function deniedByIndex(byIndex: unknown): Lack[] {
  return Object.entries(asObject(byIndex)).flatMap(([index, granted]) => denied(granted, ` on ${index}`));
}
