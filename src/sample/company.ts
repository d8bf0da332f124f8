import type { Random } from './random.js';

/** A made-up organisation: who is there, from where, and what there is to be reached. */
export interface Company {
  readonly cloudId: string;
  readonly users: readonly User[];
  readonly sites: readonly Site[];
  readonly websites: readonly Website[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly group: Group;
  readonly region: Region;
  readonly publicIp: string;
  readonly devices: readonly Device[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  /** Tunnel address, in CloudConnexa's default range. */
  readonly ip: string;
  readonly sessionId: string;
}

export interface Region {
  readonly id: string;
  readonly name: string;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly connector: { readonly id: string; readonly name: string };
  readonly region: Region;
  readonly hosts: readonly Host[];
}

export interface Host {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface Website {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

const REGIONS: readonly Region[] = [
  { id: 'us-west-1', name: 'San Jose (CA)' },
  { id: 'us-east-1', name: 'Ashburn (VA)' },
  { id: 'eu-central-1', name: 'Frankfurt' },
  { id: 'eu-west-2', name: 'London' },
  { id: 'ap-south-1', name: 'Mumbai' },
  { id: 'sa-east-1', name: 'São Paulo' },
];
const FIRST =
  'Ann Bo Chidi Dana Elif Farid Grace Hugo Ines Jonas Kaya Lena Marco Nadia Omar Priya Quinn Rosa Sam Tove'.split(' ');
const LAST =
  'Lee Diaz Okafor Novak Yilmaz Haddad Kim Martin Silva Berg Moreau Weber Rossi Petrova Aziz Nair Walsh Costa Reed Lund'.split(
    ' ',
  );
const GROUPS = ['Engineering', 'Sales', 'Finance', 'Support', 'Default'];
const SITES = ['Datacenter', 'Headquarters', 'Warehouse', 'Cloud VPC'];
/** Ports of a site's hosts: web, database, files, remote desktop, shell, directory, mail. */
const SERVICES: readonly (readonly [number, 'tcp' | 'udp'])[] = [
  [443, 'tcp'],
  [5432, 'tcp'],
  [445, 'tcp'],
  [3389, 'tcp'],
  [22, 'tcp'],
  [53, 'udp'],
  [389, 'tcp'],
  [587, 'tcp'],
];

/** Makes a company of so many users. Public addresses are from the documentation ranges of RFC 5737: nobody's. */
export function createCompany(random: Random, userCount = 60): Company {
  const groups = GROUPS.map((name) => ({ id: random.uuid(), name }));
  return {
    cloudId: 'acme',
    users: Array.from({ length: userCount }, (_, i) => makeUser(random, i, groups)),
    sites: SITES.map((name, i) => makeSite(random, name, i)),
    websites: Array.from({ length: 120 }, () => makeWebsite(random)),
  };
}

function makeUser(random: Random, number: number, groups: readonly Group[]): User {
  const first = FIRST[number % FIRST.length] ?? 'Ann';
  const last = LAST[(number * 7 + Math.floor(number / FIRST.length)) % LAST.length] ?? 'Lee';
  const suffix = number < FIRST.length * 2 ? '' : String(number);
  return {
    // Organisations with single sign-on have e-mail addresses as ids, others have UUIDs.
    id: number % 3 === 0 ? random.uuid() : `${first}.${last}${suffix}@example.com`.toLowerCase(),
    name: `${first} ${last}`,
    group: random.skewed(groups),
    region: random.skewed(REGIONS),
    publicIp: `198.51.100.${1 + (number % 254)}`,
    devices: Array.from({ length: 1 + random.below(2) }, (_, i) => ({
      id: random.uuid(),
      name: `${first}-${random.pick(['Laptop', 'Phone', 'MacBook', 'Desktop'])}-${number}${i === 0 ? '' : 'b'}`,
      ip: `100.96.${1 + Math.floor(number / 120)}.${2 + ((number * 2 + i) % 250)}`,
      sessionId: random.hex(24),
    })),
  };
}

function makeSite(random: Random, name: string, number: number): Site {
  return {
    id: random.uuid(),
    name,
    connector: { id: random.uuid(), name: `${name.toLowerCase().replace(' ', '-')}-connector` },
    region: REGIONS[number % REGIONS.length] ?? { id: 'us-west-1', name: 'San Jose (CA)' },
    hosts: Array.from({ length: 24 }, (_, i) => {
      const [port, protocol] = random.skewed(SERVICES);
      return { ip: `10.${20 + number}.${Math.floor(i / 8)}.${10 + i}`, port, protocol };
    }),
  };
}

function makeWebsite(random: Random): Website {
  const isDns = random.chance(0.15);
  return {
    ip: `203.0.113.${1 + random.below(254)}`,
    port: isDns ? 53 : random.chance(0.85) ? 443 : 80,
    protocol: isDns || random.chance(0.1) ? 'udp' : 'tcp',
  };
}
