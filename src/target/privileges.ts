import type { Client } from '@elastic/elasticsearch';
import { loadManifest } from '../manifest.js';
import { ask, asObject, isOk } from './answer.js';
import type { Engine } from './capability.js';

/** Whether the credentials may ship events, as far as the cluster tells. */
export interface PrivilegeFinding {
  readonly known: boolean;
  readonly missing: boolean;
  /** A sentence for the user. */
  readonly text: string;
}

/**
 * Asks Elasticsearch whether the credentials have the privileges that manifest.json lists for shipping
 * (`POST /_security/user/_has_privileges`, which every user may ask about itself). OpenSearch has no such request.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED
 */
export async function shippingPrivileges(client: Client, engine: Engine, namespace: string): Promise<PrivilegeFinding> {
  if (engine === 'opensearch') return unknown('OpenSearch does not tell; run shows it with the first event');
  const { cluster, indices } = loadManifest().privileges.elasticsearch.ship;
  // A role may be limited to this namespace.
  const index = indices.map((one) => ({
    ...one,
    names: one.names.map((name) => name.replace(/-\*$/, `-${namespace}`)),
  }));
  const answer = await ask(client, 'POST', '/_security/user/_has_privileges', { cluster, index });
  // Without security the path does not exist, and everyone may do everything.
  if (!isOk(answer)) return unknown(`the cluster does not tell (${answer.status}); without security all is allowed`);
  const missing = [...denied(asObject(answer.body).cluster), ...deniedByIndex(asObject(answer.body).index)];
  if (missing.length === 0) return { known: true, missing: false, text: 'privileges: the credentials may ship events' };
  const text = `privileges: the credentials lack ${missing.join(', ')}; grant them to the user, key or role`;
  return { known: true, missing: true, text };
}

function unknown(why: string): PrivilegeFinding {
  return { known: false, missing: false, text: `privileges: ${why}` };
}

function denied(granted: unknown): string[] {
  return Object.entries(asObject(granted))
    .filter(([, has]) => has === false)
    .map(([name]) => name);
}

function deniedByIndex(byIndex: unknown): string[] {
  return Object.entries(asObject(byIndex)).flatMap(([index, granted]) =>
    denied(granted).map((name) => `${name} on ${index}`),
  );
}
