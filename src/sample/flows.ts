import { createCompany, type Company, type Device, type User } from './company.js';
import { createRandom, type Random } from './random.js';
import { PERIOD_MS, sampleTime, type SampleOptions } from './options.js';

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
/** What an intruder tries first: shells, file shares, remote desktops, databases, management. */
const SCANNED_PORTS = [22, 23, 135, 139, 445, 1433, 3306, 3389, 5432, 5900, 5985, 8080, 8443, 9200];

/**
 * Made-up `flow-established` events alone, as JSON texts, in order of time: people of a company at work, most flows allowed,
 * some denied by habit, and one attack hidden in them. In the sixth part of the day before last, one account of
 * {@link attacker} walks through the hosts of all sites, port by port, and is denied nearly everywhere.
 */
export function* sampleFlows({ seed, count, end }: SampleOptions): Generator<string> {
  const random = createRandom(seed);
  const company = createCompany(random);
  const intruder = attacker(company);
  const start = end.getTime() - PERIOD_MS;
  for (let i = 0; i < count; i++) {
    const share = (i + 1) / count;
    const flow = isAttack(random, share) ? attackFlow(random, company, intruder) : dailyFlow(random, company);
    const timestamp = sampleTime(random, start + Math.floor(share * PERIOD_MS));
    yield JSON.stringify(flowEvent(random, company, flow, timestamp, flow.device.sessionId));
  }
}

/** Whether the next event belongs to the attack, at this share of the day. */
export function isAttack(random: Random, share: number): boolean {
  return share > 0.7 && share < 0.86 && random.chance(0.12);
}

/** The user whose account the attack comes from. */
export function attacker(company: Company): User {
  const user = company.users[company.users.length - 7];
  if (user === undefined) throw new RangeError('the company has too few users');
  return user;
}

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

function siteFlow(random: Random, company: Company, user: User, device: Device, allowed: boolean): Flow {
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

export function attackFlow(random: Random, company: Company, user: User): Flow {
  const device = user.devices[0] as Device;
  const flow = siteFlow(random, company, user, device, random.chance(0.03));
  const site = random.pick(company.sites);
  return {
    ...flow,
    ip: random.pick(site.hosts).ip,
    port: random.pick(SCANNED_PORTS),
    protocol: 'tcp',
    entity: [site.connector.id, site.connector.name, 'Connector'],
    parent: [site.id, site.name, 'Network'],
  };
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
