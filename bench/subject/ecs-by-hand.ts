/** An event, as a script would see it. */
export interface VendorEvent {
  readonly [field: string]: unknown;
  readonly log?: Readonly<Record<string, unknown>>;
}

/** About forty fields of ECS and of the vendor, as a script of an afternoon has them: what is absent falls away in JSON. */
export function toEcs(event: VendorEvent): object {
  const { log = {} } = event;
  const source = {
    address: log['sourceIp'],
    ip: log['sourceIp'],
    nat: { ip: event['initiatorPublicIp'] },
    user: { id: log['sourceParentId'], name: log['sourceParentName'] },
  };
  const destination = {
    address: log['destinationEntityIp'],
    ip: log['destinationEntityIp'],
    port: log['destinationPort'],
  };
  return {
    '@timestamp': event['timestamp'],
    ecs: { version: '9.4.0' },
    event: {
      kind: 'event',
      category: ['network'],
      type: ['connection', log['allowed'] === true ? 'allowed' : 'denied'],
      action: event['eventName'],
      id: event['traceId'],
      module: 'cloudconnexa',
      dataset: 'cloudconnexa.flow',
      provider: event['service'],
      created: new Date().toISOString(),
    },
    observer: { vendor: 'OpenVPN', product: 'CloudConnexa', name: log['sourceGatewayRegion'] },
    organization: { id: event['cloudId'] },
    user: {
      id: event['initiator'],
      full_name: event['initiatorName'],
      group: { id: event['parentEntity'], name: event['parentEntityName'] },
    },
    host: { id: log['sourceEntityId'], name: log['sourceEntityName'] },
    source,
    destination,
    network: { transport: log['protocolName'], iana_number: log['protocol'] },
    related: { ip: [source.ip, destination.ip], user: [event['initiator']] },
    cloudconnexa: {
      category: event['category'],
      allowed: log['allowed'],
      session: { id: log['clientSessionId'] },
      source: { gateway: { region: log['sourceGatewayRegion'], region_name: log['sourceGatewayRegionName'] } },
      destination: {
        parent: {
          id: log['destinationParentId'],
          type: log['destinationParentType'],
          name: log['destinationParentName'],
        },
        entity: {
          id: log['destinationEntityId'],
          type: log['destinationEntityType'],
          name: log['destinationEntityName'],
        },
        gateway: { region: log['destinationGatewayRegion'], region_name: log['destinationGatewayRegionName'] },
      },
    },
  };
}
