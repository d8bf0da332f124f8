import { ConnectorError } from '../../errors.js';
import { asObject, isOk } from '../../target/answer.js';
import { reasonOfFrontEnd, type FrontEnd } from './client.js';

/** The settings that say where in the front end objects go. */
export interface Corner {
  readonly space?: string;
  readonly tenant?: string;
}

/**
 * Makes sure that the server is the front end that belongs to the engine, and that the space or the tenant exists: Kibana would
 * store objects in a space that is not there, OpenSearch Dashboards in another tenant, both without a word.
 * @returns why the server is closed to us, or undefined
 * @throws ConnectorError CCX_DASHBOARDS_UNSUPPORTED, CCX_DASHBOARDS_SPACE and what `ask` throws
 */
export async function verify(server: FrontEnd, { space, tenant }: Corner): Promise<string | undefined> {
  await verifyProduct(server);
  if (server.product.name === 'Kibana') return space === undefined ? undefined : verifySpace(server, space);
  return tenant === undefined ? undefined : verifyTenant(server, tenant);
}

/** Both answer to everyone, or not at all; without credentials there is no version in it. */
async function verifyProduct(server: FrontEnd): Promise<void> {
  const answer = await server.ask('GET', '/api/status');
  const { product, place } = server;
  const named = product.nameHeader in answer.headers;
  const other = ['kbn-name', 'osd-name'].find((header) => header !== product.nameHeader && header in answer.headers);
  const told = 'overall' in asObject(asObject(answer.body).status);
  if (other === undefined && (named || told)) return;
  const what = other === undefined ? 'its status has no state' : `it is ${nameOf(other)}`;
  throw new ConnectorError('CCX_DASHBOARDS_UNSUPPORTED', `What answers is not ${product.name}: ${what}`, { place });
}

function nameOf(header: string): string {
  return header === 'kbn-name' ? 'Kibana' : 'OpenSearch Dashboards';
}

/** Source: Kibana's spaces API. */
async function verifySpace(server: FrontEnd, space: string): Promise<string | undefined> {
  const answer = await server.ask('GET', `/api/spaces/space/${encodeURIComponent(space)}`);
  if (isOk(answer)) return undefined;
  if (answer.status === 403) return `Kibana does not let us see the space ${space}: ${reasonOfFrontEnd(answer)}.`;
  throw new ConnectorError('CCX_DASHBOARDS_SPACE', `Kibana has no space ${space} (${answer.status})`, {
    place: server.place,
  });
}

/** Names for the tenant of all and for that of each user. */
const everyones = new Set(['global', 'global_tenant', 'private', '__user__']);

/** Source: OpenSearch's security plugin for Dashboards, which falls back to another tenant when it does not know one. */
async function verifyTenant(server: FrontEnd, tenant: string): Promise<string | undefined> {
  const answer = await server.ask('GET', '/api/v1/configuration/account');
  if (answer.status === 403)
    return `OpenSearch Dashboards does not let us see the tenants: ${reasonOfFrontEnd(answer)}.`;
  const tenants = asObject(asObject(asObject(answer.body).data).tenants);
  if (isOk(answer) && (tenant in tenants || everyones.has(tenant))) return undefined;
  const why = isOk(answer) ? 'it is not among those of this user' : 'this server has none';
  throw new ConnectorError('CCX_DASHBOARDS_SPACE', `There is no tenant ${tenant}: ${why}`, { place: server.place });
}
