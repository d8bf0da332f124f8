import type { Company, Device, Host, Site, User } from './company.js';
import { siteFlow, type Flow } from './flows.js';
import type { Random } from './random.js';

interface Stage {
  /** Shares of the day. */
  readonly from: number;
  readonly to: number;
  /** Share of the events in that time that are the intruder's. */
  readonly density: number;
  readonly flow: (random: Random, company: Company, user: User, device: Device) => Flow;
}

/** What lets one log in, or reach files: shells, RPC, file shares, remote desktops, management. */
const ADMIN_PORTS = [22, 135, 139, 445, 3389, 5900, 5985, 5986];
/** What may run on a host. */
const SERVICE_PORTS = [
  ...[21, 22, 23, 25, 80, 88, 110, 111, 135, 139, 143, 389, 443, 445, 636, 1433, 1521, 2049, 3306, 3389, 5432, 5900],
  ...[5985, 6379, 8080, 8443, 9200, 27017],
];

/**
 * The attack of a day: a stolen account looks around, sweeps over the administration ports of all hosts, goes for one host and tries its
 * ports, finds remote desktop and file shares open there, and works on it. Denied nearly everywhere before.
 */
const STAGES: readonly Stage[] = [
  { from: 0.7, to: 0.72, density: 0.05, flow: lookAround },
  { from: 0.735, to: 0.75, density: 0.7, flow: sweep },
  { from: 0.775, to: 0.785, density: 0.7, flow: scan },
  { from: 0.787, to: 0.82, density: 0.08, flow: getIn },
];

/** The intruder's next flow at this share of the day; undefined when somebody else is next. */
export function attackFlow(random: Random, company: Company, user: User, share: number): Flow | undefined {
  const stage = STAGES.find(({ from, to }) => share > from && share < to);
  if (stage === undefined || !random.chance(stage.density)) return undefined;
  return stage.flow(random, company, user, user.devices[0] as Device);
}

/** The user whose account the attack comes from. */
export function attacker(company: Company): User {
  const user = company.users[company.users.length - 7];
  if (user === undefined) throw new RangeError('the company has too few users');
  return user;
}

function lookAround(random: Random, company: Company, user: User, device: Device): Flow {
  return siteFlow(random, company, user, device, random.chance(0.7));
}

function sweep(random: Random, company: Company, user: User, device: Device): Flow {
  const site = random.pick(company.sites);
  return tcpFlow(user, device, site, random.pick(site.hosts), random.pick(ADMIN_PORTS), random.chance(0.03));
}

function scan(random: Random, company: Company, user: User, device: Device): Flow {
  const [site, host] = target(company);
  return tcpFlow(user, device, site, host, random.pick(SERVICE_PORTS), false);
}

function getIn(random: Random, company: Company, user: User, device: Device): Flow {
  const [site, host] = target(company);
  return tcpFlow(user, device, site, host, random.pick([3389, 3389, 445]), true);
}

/** The host that the intruder goes for: of those, one that few others use. */
function target({ sites }: Company): readonly [Site, Host] {
  const site = sites[1];
  const host = site?.hosts.at(-1);
  if (site === undefined || host === undefined) throw new RangeError('the company has too few sites');
  return [site, host];
}

function tcpFlow(user: User, device: Device, site: Site, { ip }: Host, port: number, allowed: boolean): Flow {
  return {
    ...{ user, device, allowed, ip, port, protocol: 'tcp' },
    entity: [site.connector.id, site.connector.name, 'Connector'],
    parent: [site.id, site.name, 'Network'],
    region: [site.region.id, site.region.name],
  };
}
