import type { IpInfo } from '../ip.js';

type Text = string | undefined;
type IpLookup = (text: string) => IpInfo | undefined;

/** `network.type` and `network.direction` of a flow. */
export interface NetworkFields {
  readonly type: 'ipv4' | 'ipv6' | undefined;
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'external' | undefined;
}

/** The source's public address is its translated one only when the initiator of the event is the source of the flow. */
export function nat(
  ip: IpLookup,
  publicIp: Text,
  initiatorType: Text,
  initiator: Text,
  sourceParentType: Text,
  sourceParentId: Text,
  sourceEntityId: Text,
): { ip: Text } {
  const isSource =
    initiator !== undefined &&
    (initiator === sourceEntityId ||
      (initiatorType === 'User' && sourceParentType === 'User' && initiator === sourceParentId));
  return { ip: isSource && publicIp !== undefined && ip(publicIp)?.global ? publicIp : undefined };
}

/** @see {@link direction} for the perimeter's point of view. */
export function network(ip: IpLookup, sourceIp: Text, destinationIp: Text, destinationParentType: Text): NetworkFields {
  const source = sourceIp === undefined ? undefined : ip(sourceIp);
  const destination = destinationIp === undefined ? undefined : ip(destinationIp);
  const version = destination?.version ?? source?.version;
  return {
    type: version === undefined ? undefined : version === 4 ? 'ipv4' : 'ipv6',
    direction: direction(source, destination, destinationParentType),
  };
}

/** All that {@link network} asks of an address, and of a parent's type. */
export const networkDigests = {
  address: (ip: IpLookup, text: Text): Text => {
    const info = text === undefined ? undefined : ip(text);
    return info && `${info.version}${info.global ? 'g' : ''}${info.inside ? 'i' : ''}`;
  },
  parentType: (type: Text): Text => (type === INTERNET ? 'g' : undefined),
};

const INTERNET = 'Internet Gateway';

/**
 * Values of ECS `network.direction` for a perimeter. A configured internal network may have global addresses: inside
 * wins. Traffic through an Internet Gateway is outbound whatever its addresses.
 */
function direction(
  source: IpInfo | undefined,
  destination: IpInfo | undefined,
  parentType: Text,
): NetworkFields['direction'] {
  if (parentType === INTERNET) return 'outbound';
  if (destination === undefined) return undefined;
  const fromOutside = source !== undefined && source.global && !source.inside;
  if (destination.inside) return fromOutside ? 'inbound' : source?.inside ? 'internal' : undefined;
  if (!destination.global) return undefined;
  return fromOutside ? 'external' : 'outbound';
}
