/** A complete event of each kind, as the vendor sends it: Ann Lee at work. What evidence says is put over it. */
export const vendorEvents: Readonly<Record<string, object>> = {
  'flow-established': {
    ...header('Activity.AV'),
    initiator: 'ann.lee@example.com',
    initiatorType: 'User',
    initiatorName: 'Ann Lee',
    parentEntity: 'e2184d09-2441-4b58-8e63-224ede0e7203',
    parentEntityType: 'Group',
    parentEntityName: 'Default',
    log: {
      clientSessionId: '6582cc9d4203d502df225933',
      sourceParentId: 'ann.lee@example.com',
      sourceParentType: 'User',
      sourceEntityId: '5d34eabe-f88d-4570-9954-818c03b90b4b',
      sourceEntityType: 'Device',
      sourceIp: '100.96.1.34',
      sourceGatewayRegion: 'eu-central-1',
      destinationParentId: 'db133159-7d87-4ed4-be3b-02cba18861e6',
      destinationParentType: 'Network',
      destinationEntityId: 'ef9711c1-8011-4d0b-be03-92f83994ed44',
      destinationEntityType: 'Connector',
      destinationEntityIp: '10.20.0.5',
      destinationPort: 443,
      destinationGatewayRegion: 'eu-central-1',
      allowed: true,
      protocolName: 'tcp',
      protocol: '6',
      sourceGatewayRegionName: 'Frankfurt',
      destinationGatewayRegionName: 'Frankfurt',
      sourceParentName: 'Ann Lee',
      sourceEntityName: 'Ann-MacBook',
      destinationEntityName: 'dc-connector',
      destinationParentName: 'Datacenter',
    },
  },
  'client-connected': session({}),
  'client-disconnected': session({
    sessionBytesIn: 120_000,
    sessionBytesOut: 34_000,
    sessionDisconnectReason: 'CLIENT_DISCONNECT',
    sessionDurationSeconds: 900,
    sessionEndTime: '2026-02-03T04:05:06.000000Z',
  }),
  'domain-blocked': {
    ...header('Security.CyberShieldBlockedDomains'),
    ...device(),
    log: { domain: 'beacon.c2.example', category: 'Command and Control', queryType: 'A', protocol: 'UDP' },
  },
  'traffic-blocked': {
    ...header('Security.CyberShieldBlockedTraffic'),
    ...device(),
    log: {
      signatureId: '9000104',
      eventName: 'Trojan check-in',
      classification: 'A Network Trojan was detected',
      priority: 1,
      category: 'Malware and Ransomware',
      protocol: 'TCP',
      sourceIp: '100.96.1.34',
      sourcePort: 50_123,
      destinationIp: '203.0.113.10',
      destinationPort: 443,
    },
  },
  'log-stream-paused': logStream(),
  'log-stream-started': logStream(),
  'test-message': { ...header('Activity.Admin'), ...admin() },
};

function header(category: string): object {
  return {
    CloudConnexaLogVersion: 1,
    cloudId: 'acme',
    service: 'CloudConnexa',
    initiatorPublicIp: '198.51.100.20',
    category,
  };
}

function device(): object {
  return {
    initiator: '5d34eabe-f88d-4570-9954-818c03b90b4b',
    initiatorType: 'Device',
    initiatorName: 'Ann-MacBook',
    parentEntity: 'ann.lee@example.com',
    parentEntityType: 'User',
    parentEntityName: 'Ann Lee',
  };
}

function admin(): object {
  return {
    initiator: 'admin@example.com',
    initiatorType: 'User',
    initiatorRole: 'Admin',
    initiatorName: 'Bo Diaz',
    parentEntity: 'e2184d09-2441-4b58-8e63-224ede0e7203',
    parentEntityType: 'UserGroup',
    parentEntityName: 'Default',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  };
}

function logStream(): object {
  const log = { 'aws-s3-bucket': 'acme-cloudconnexa-logs', 'aws-region': 'eu-central-1' };
  return { ...header('Audit.Admin'), ...admin(), log };
}

function session(more: object): object {
  return {
    ...header('Activity.AV'),
    ...device(),
    log: {
      ...more,
      clientUUID: 'C8E9F6D2-5B7A-4B0F-9A3E-0D6B8E2F1A44',
      clientSessionId: 'hK2pLw9sVt3dQe7r',
      clientOsType: 'mac',
      clientOsVersion: '14.4.1',
      clientPublicIp: '198.51.100.20',
      clientTunnelIpV4: '100.96.1.34',
      clientTunnelIpV6: 'fd:0:0:8101::2',
      sessionProtocol: 'UDP',
      sessionTunnelProtocol: 'OpenVPN',
      sessionStartTime: '2026-02-03T04:05:06.000000Z',
      gatewayRegionName: 'Frankfurt',
      gatewayRegion: 'eu-central-1',
      gatewayId: 'eu-central-1-gw-17',
    },
  };
}
