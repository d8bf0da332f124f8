type Text = string | undefined;

/** What `related.*` collects: each value once, in order of appearance; undefined when there is none. */
export function distinct(...values: readonly Text[]): string[] | undefined {
  const found: string[] = [];
  for (const value of values) {
    if (value !== undefined && !found.includes(value)) found.push(value);
  }
  return found.length === 0 ? undefined : found;
}

/** Names (in lower case, as `host.name`) and ids of the entities that are machines; a network or a service is no host. */
export function relatedHosts(
  sourceType: Text,
  sourceId: Text,
  sourceName: Text,
  destinationType: Text,
  destinationId: Text,
  destinationName: Text,
): { hosts: string[] | undefined } {
  return {
    hosts: distinct(
      hostName(sourceType, sourceName),
      hostId(sourceType, sourceId),
      hostName(destinationType, destinationName),
      hostId(destinationType, destinationId),
    ),
  };
}

export function hostName(type: Text, name: Text): Text {
  return isHost(type) ? name?.toLowerCase() : undefined;
}

export function hostId(type: Text, id: Text): Text {
  return isHost(type) ? id : undefined;
}

function isHost(type: Text): boolean {
  return type === 'Device' || type === 'Connector' || type === 'Host';
}
