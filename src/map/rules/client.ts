import { transport, type TransportFields } from './transport.js';

type Text = string | undefined;

/** A client's address, in both places that ECS wants it in. */
export interface AddressFields {
  readonly address: Text;
  readonly ip: Text;
}

/** @param ips addresses by preference */
export function clientAddress(...ips: readonly Text[]): AddressFields {
  const { value } = first(...ips);
  return { address: value, ip: value };
}

/** The first value that there is. */
export function first(...values: readonly Text[]): { value: Text } {
  return { value: values.find((value) => value !== undefined) };
}

/** The machine that caused an event, when that is a Device; a Connector stands for a network and a User for a person. */
export interface DeviceFields {
  readonly id: Text;
  readonly name: Text;
  readonly ip: readonly string[] | undefined;
}

/** @param ips its addresses in the private cloud */
export function device(type: Text, id: Text, name: Text, ...ips: readonly Text[]): DeviceFields {
  if (type !== 'Device') return { id: undefined, name: undefined, ip: undefined };
  const known = ips.filter((ip) => ip !== undefined);
  return { id, name: name?.toLowerCase(), ip: known.length === 0 ? undefined : known };
}

/** By first word in lower case: OpenVPN's own names of platforms (its IV_PLAT) and those that people write. */
const OS_TYPES = new Map([
  ...['win', 'windows'].map((word) => [word, 'windows'] as const),
  ...['mac', 'macos', 'macintosh', 'osx', 'darwin'].map((word) => [word, 'macos'] as const),
  ...['linux', 'ubuntu', 'debian'].map((word) => [word, 'linux'] as const),
  ['android', 'android'] as const,
  ...['ios', 'ipados', 'iphone', 'ipad'].map((word) => [word, 'ios'] as const),
  ...['solaris', 'openbsd', 'netbsd', 'freebsd', 'unix'].map((word) => [word, 'unix'] as const),
]);

/** ECS `os.type`, which has six values; undefined for all other systems. */
export function os(name: Text): { type: Text } {
  const word = name === undefined ? undefined : /^[a-z]+/.exec(name.trim().toLowerCase())?.[0];
  return { type: word === undefined ? undefined : OS_TYPES.get(word) };
}

/** What carries a protocol, and the protocol: `network.transport`, `network.iana_number`, `network.protocol`. */
export interface CarrierFields extends TransportFields {
  readonly protocol: Text;
}

/**
 * Which of some names is the transport and which the protocol above it (`UDP` and `OpenVPN`, in any order): a name that
 * starts with `tcp` or `udp` is a transport, any other is not.
 */
export function carrier(...names: readonly Text[]): CarrierFields {
  const lower = names.flatMap((name) => (name === undefined ? [] : [name.trim().toLowerCase()])).filter(Boolean);
  const carrying = lower.map((name) => /^(?:tcp|udp)/.exec(name)?.[0]).find((found) => found !== undefined);
  return {
    ...transport(carrying, undefined),
    protocol: lower.find((name) => !name.startsWith('tcp') && !name.startsWith('udp')),
  };
}
