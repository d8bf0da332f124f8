/** What the reference mapper's events have in common, written for it alone. */
import type { JsonObject, JsonValue } from '../../src/record.js';

export type Text = string | undefined;

export interface Person {
  id?: Text;
  email?: Text;
  name?: Text;
  full_name?: Text;
}

/** What the reference mapper knows of an event when its own fields come. */
export interface Known {
  readonly h: Readonly<Record<string, Text>>;
  readonly user: Person;
  readonly publicIp: Text;
  /** The event's `log`. */
  readonly fields: JsonObject;
  readonly put: (name: string, value: unknown) => void;
  readonly text: (source: JsonObject, name: string, prefix: string) => Text;
  readonly whole: (
    source: JsonObject,
    name: string,
    prefix: string,
    max: number,
    expected: string,
  ) => number | undefined;
  readonly reject: (vendor: string, value: JsonValue | undefined, expected: string) => undefined;
  readonly isTime: (text: string) => boolean;
  readonly isAddress: (text: string) => boolean;
  readonly kindOf: (address: string) => 'inside' | 'global' | 'neither';
}

export function classify({ put }: Known, action: string, category?: string[], type?: string[]): void {
  put('event.category', category);
  put('event.type', type);
  put('event.action', action);
  put('event.outcome', 'success');
}

export function from({ put }: Known, ip: Text): void {
  put('source.address', ip);
  put('source.ip', ip);
}

export function machine({ h, put }: Known, ips: Text[]): void {
  if (h['initiatorType'] !== 'Device') return;
  put('host.id', h['initiator']);
  put('host.name', h['initiatorName']?.toLowerCase());
  const present = ips.filter((ip) => ip !== undefined);
  if (present.length > 0) put('host.ip', present);
}

export function related({ h, user, put }: Known, ips: Text[], withHosts: boolean): void {
  const list = (values: Text[]): string[] | undefined => {
    const different = [...new Set(values.filter((value) => value !== undefined))];
    return different.length > 0 ? different : undefined;
  };
  put('related.ip', list(ips));
  put('related.user', list([user.id, user.name, user.email]));
  if (withHosts && ['Device', 'Connector', 'Host'].includes(h['initiatorType'] ?? '')) {
    put('related.hosts', list([h['initiatorName']?.toLowerCase(), h['initiator']]));
  }
}

export function actor({ h, user }: Known): Text {
  const person = user.full_name ?? user.name;
  const thing = h['initiatorType'] === 'User' ? undefined : h['initiatorName'];
  return person !== undefined && thing !== undefined ? `${person} on ${thing}` : (person ?? thing);
}

/** Puts the transport among some names. @returns the first name that is none */
export function carry({ put }: Known, names: Text[]): Text {
  const lower = names.map((name) => name?.trim().toLowerCase()).filter((name) => name !== undefined && name !== '');
  const isTransport = (name: Text): boolean => /^(tcp|udp)/.test(name ?? '');
  const transport = lower.find(isTransport)?.slice(0, 3);
  put('network.transport', transport);
  put('network.iana_number', transport && NUMBERS[transport]);
  return lower.find((name) => !isTransport(name));
}

/** As many as the tests use. */
export const NUMBERS: Record<string, string> = {
  tcp: '6',
  udp: '17',
  icmp: '1',
  'ipv6-icmp': '58',
  esp: '50',
  gre: '47',
};

export function namedTransport(spelled: Text): Text {
  const name = spelled?.trim().toLowerCase();
  if (name === undefined || name === '') return undefined;
  if (name === 'icmpv6') return 'ipv6-icmp';
  return Object.entries(NUMBERS).find(([, number]) => number === name)?.[0] ?? name;
}

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['windows', /^(win|windows)$/],
  ['macos', /^(mac|macos|macintosh|osx|darwin)$/],
  ['linux', /^(linux|ubuntu|debian)$/],
  ['android', /^android$/],
  ['ios', /^(ios|ipados|iphone|ipad)$/],
  ['unix', /^(solaris|openbsd|netbsd|freebsd|unix)$/],
];

export function osType(name: Text): Text {
  const word = /^\s*([a-z]+)/i.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  return SYSTEMS.find(([, words]) => words.test(word))?.[0];
}

export function address({ fields, reject, isAddress }: Known, name: string): Text {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' && isAddress(value) ? value : reject(`log.${name}`, value, 'an IP address');
}

export function time({ fields, reject, isTime }: Known, name: string): Text {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && isTime(value)) return value;
  return reject(`log.${name}`, value, 'an ISO 8601 time with date and time of day');
}

export function span(nanos: number | undefined): Text {
  if (nanos === undefined) return undefined;
  const seconds = Math.floor(nanos / 1e9);
  const units = { d: Math.floor(seconds / 86400), h: Math.floor(seconds / 3600) % 24 };
  const all = Object.entries({ ...units, min: Math.floor(seconds / 60) % 60, s: seconds % 60 });
  const first = Math.max(
    0,
    all.findIndex(([, count]) => count > 0),
  );
  if (seconds === 0) return '0 s';
  return all
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}

export function after(word: string, value: Text): Text {
  return value === undefined ? undefined : `${word} ${value}`;
}

export function join(parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
