import type { Company, Device, User } from './company.js';
import type { Random } from './random.js';

export interface Flow {
  readonly user: User;
  readonly device: Device;
  readonly allowed: boolean;
  readonly ip: string;
  readonly port: number | undefined;
  readonly protocol: string;
  /** Name, id and type of what is reached, and of what it belongs to. */
  readonly entity: readonly [id: string, name: string, type: string];
  readonly parent: readonly [id: string, name: string, type: string];
  readonly region: readonly [id: string, name: string];
}

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1 };

export function dailyFlow(random: Random, company: Company): Flow {
  const user = random.skewed(company.users);
  const device = random.skewed(user.devices);
  if (random.chance(0.55)) {
    const { ip, port, protocol } = random.skewed(company.websites);
    return internetFlow(user, device, { ip, port, protocol, allowed: !random.chance(0.02) });
  }
  if (random.chance(0.06)) return pingFlow(random, company, user, device);
  return siteFlow(random, company, user, device, !random.chance(0.05));
}

function internetFlow(
  user: User,
  device: Device,
  to: { ip: string; port: number; protocol: string; allowed: boolean },
): Flow {
  return {
    user,
    device,
    ...to,
    entity: [`gateway-${user.region.id}`, 'internet-gateway', 'Connector'],
    parent: ['internet', 'Internet Gateway', 'Internet Gateway'],
    region: [user.region.id, user.region.name],
  };
}

export function siteFlow(random: Random, company: Company, user: User, device: Device, allowed: boolean): Flow {
  const site = random.skewed(company.sites);
  const { ip, port, protocol } = random.skewed(site.hosts);
  return {
    user,
    device,
    allowed,
    ip,
    port,
    protocol,
    entity: [site.connector.id, site.connector.name, 'Connector'],
    parent: [site.id, site.name, 'Network'],
    region: [site.region.id, site.region.name],
  };
}

function pingFlow(random: Random, company: Company, user: User, device: Device): Flow {
  return { ...siteFlow(random, company, user, device, true), protocol: 'icmp', port: undefined };
}

/** In the shape of the vendor's example, with the forms seen in the wild: the protocol as text, the verdict as a boolean. */
export function flowEvent(random: Random, company: Company, flow: Flow, timestamp: string, sessionId: string): object {
  const { user, device, entity, parent, region } = flow;
  return {
    CloudConnexaLogVersion: 1,
    timestamp,
    cloudId: company.cloudId,
    service: 'CloudConnexa',
    traceId: random.uuid(),
    initiatorPublicIp: user.publicIp,
    initiator: user.id,
    initiatorType: 'User',
    initiatorName: user.name,
    parentEntity: user.group.id,
    parentEntityType: 'Group',
    parentEntityName: user.group.name,
    category: 'Activity.AV',
    eventName: 'flow-established',
    log: {
      clientSessionId: sessionId,
      sourceParentId: user.id,
      sourceParentType: 'User',
      sourceEntityId: device.id,
      sourceEntityType: 'Device',
      sourceIp: device.ip,
      sourceGatewayRegion: user.region.id,
      destinationParentId: parent[0],
      destinationParentType: parent[2],
      destinationEntityId: entity[0],
      destinationEntityType: entity[2],
      destinationEntityIp: flow.ip,
      ...(flow.port === undefined ? {} : { destinationPort: flow.port }),
      destinationGatewayRegion: region[0],
      allowed: flow.allowed,
      protocolName: flow.protocol,
      protocol: String(PROTOCOL_NUMBERS[flow.protocol] ?? ''),
      sourceGatewayRegionName: user.region.name,
      destinationGatewayRegionName: region[1],
      sourceParentName: user.name,
      sourceEntityName: device.name,
      destinationEntityName: entity[1],
      destinationParentName: parent[1],
    },
  };
}
