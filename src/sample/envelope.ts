import type { Company, Device, Site, User } from './company.js';
import type { Random } from './random.js';

/** What every sample event needs. */
export interface Sampler {
  readonly random: Random;
  readonly company: Company;
}

/** Who causes an event, in the header's words. */
type Initiator = Readonly<Record<string, string>>;

/** A user's device, as in events of sessions and threats: there the user is the parent. */
export function byDevice(user: User, device: Device): Initiator {
  return {
    initiatorPublicIp: user.publicIp,
    initiator: device.id,
    initiatorType: 'Device',
    initiatorName: device.name,
    parentEntity: user.id,
    parentEntityType: 'User',
    parentEntityName: user.name,
  };
}

export function byConnector({ id, name, connector }: Site, publicIp: string): Initiator {
  return {
    initiatorPublicIp: publicIp,
    initiator: connector.id,
    initiatorType: 'Connector',
    initiatorName: connector.name,
    parentEntity: id,
    parentEntityType: 'NetworkOrHost',
    parentEntityName: name,
  };
}

export function byAdmin(user: User): Initiator {
  return {
    initiatorPublicIp: user.publicIp,
    initiator: user.id,
    initiatorRole: 'Admin',
    initiatorType: 'User',
    initiatorName: user.name,
    parentEntity: user.group.id,
    parentEntityType: 'UserGroup',
    parentEntityName: user.group.name,
  };
}

/** JSON text of an event with the vendor's header around its own fields. */
export function eventText(
  { random, company }: Sampler,
  timestamp: string,
  initiator: Initiator,
  category: string,
  eventName: string,
  rest: object,
): string {
  const header = { CloudConnexaLogVersion: 1, timestamp, cloudId: company.cloudId, service: 'CloudConnexa' };
  return JSON.stringify({ ...header, traceId: random.uuid(), ...initiator, category, eventName, ...rest });
}

/** As the vendor writes times: microseconds, of which sessions have none. */
export function sessionTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}.000000Z`;
}
