import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/record.js';

/** Vendor events of every kind of honesty: documented values, lies, absences, broken values and unknown keys. */

const words = fc.constantFrom(
  'new',
  'My User',
  'Default',
  'ann@example.com',
  'device_2',
  'Zürich "HQ"',
  'back\\slash',
  'a',
  '\u0000',
  '😀',
  'Ünï',
);
const anyText = fc.oneof(words, fc.uuid(), fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 6 }));
const ips = fc.constantFrom(
  '100.96.1.34',
  '10.0.0.5',
  '192.168.3.4',
  '172.16.0.9',
  '8.8.8.8',
  '178.136.162.32',
  '203.0.113.7',
  '127.0.0.1',
  '224.0.0.1',
  '0.0.0.0',
  '169.254.1.1',
  '198.18.0.1',
  '::1',
  'fd00::1',
  'fe80::1',
  '2a00:1450:4001::8a',
  '::ffff:10.0.0.1',
  '::ffff:8.8.4.4',
);
const notIps = fc.constantFrom('abc', '1.2.3', '01.2.3.4', 'fe80::1%eth0', '1.2.3.4:80', '::g');
const absent: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue[]>(null, '');
const wrong: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue[]>({ x: 'y' }, [1, 'two'], [[1]], {
  deep: { er: [true] },
});
const types = fc.constantFrom(
  'Device',
  'Connector',
  'User',
  'Group',
  'UserGroup',
  'Network',
  'Host',
  'NetworkOrHost',
  'Service',
  'Internet Gateway',
  'toString',
);
const entity = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('new', 'ann@example.com', 'u1', 'u2') },
  { weight: 1, arbitrary: fc.uuid() },
);

/** Mostly the documented value; sometimes a lie, an absence or nonsense. */
function field(documented: fc.Arbitrary<JsonValue>, ...lies: fc.Arbitrary<JsonValue>[]): fc.Arbitrary<JsonValue> {
  return fc.oneof(
    { weight: 12, arbitrary: documented },
    ...lies.map((arbitrary) => ({ weight: 2, arbitrary })),
    { weight: 1, arbitrary: absent },
    { weight: 1, arbitrary: wrong },
  );
}

const text = field(anyText, fc.integer(), fc.boolean(), fc.constantFrom(1.5, -0.25));
const type = field(types, anyText);
const id = field(entity, fc.integer({ min: 0, max: 9 }));
const ip = field(ips, notIps, fc.constant(5));
const number = (max: number): fc.Arbitrary<JsonValue> =>
  field(
    fc.integer({ min: 0, max }),
    fc.integer({ min: 0, max }).map(String),
    fc.constantFrom<JsonValue[]>(-1, max + 1, '', '99999999', '-3', '4.5', 'abc', 0.5, true, '007'),
  );
const time = field(
  fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '123Z')),
  fc.constantFrom<JsonValue[]>(
    '2023-02-29T00:00:00Z',
    '2024-02-29T23:59:59.999999999+05:30',
    '2023-12-20 11:21:41',
    '2023-12-20T11:21:41',
    '2023-12-20T24:00:00Z',
    '2023-12-20T11:21:41.Z',
    '2023-12-20T11:21:60Z',
    '2023-12-20T11:21:41-18:30',
    'yesterday',
    1703071301,
  ),
);
const unknownKey = fc.constantFrom('newField', '__proto__', 'constructor', 'a b', 'ключ', 'toString', 'dotted.key');
const unknownValue: fc.Arbitrary<JsonValue> = fc.oneof(
  anyText.filter((value) => value !== ''),
  fc.integer(),
  fc.boolean(),
);

function object(fields: Record<string, fc.Arbitrary<JsonValue>>, required: string[]): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(
      fc.record(fields, { requiredKeys: required }),
      fc.array(fc.tuple(unknownKey, unknownValue), { maxLength: 2 }),
      fc.nat(),
    )
    .map(([known, unknown, turn]) => {
      const entries = [...Object.entries(known), ...unknown] as [string, JsonValue][];
      const at = turn % Math.max(entries.length, 1);
      return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
    });
}

const flowLog = object(
  {
    clientSessionId: text,
    sourceEntityType: type,
    sourceEntityId: id,
    sourceEntityName: text,
    sourceParentType: type,
    sourceParentId: id,
    sourceParentName: text,
    sourceGatewayRegion: text,
    sourceGatewayRegionName: text,
    sourceIp: ip,
    destinationEntityType: type,
    destinationEntityId: id,
    destinationEntityName: text,
    destinationParentType: type,
    destinationParentId: id,
    destinationParentName: text,
    destinationEntityIp: ip,
    destinationPort: number(65535),
    destinationGatewayRegion: text,
    destinationGatewayRegionName: text,
    allowed: field(
      fc.boolean(),
      fc.constantFrom('True', 'False', 'true', 'FALSE'),
      fc.constantFrom<JsonValue[]>(1, 'yes', 0),
    ),
    protocolName: field(
      fc.constantFrom('tcp', 'UDP', 'icmp', 'ICMPv6', 'gre'),
      fc.constantFrom<JsonValue[]>('HTTPS', 17, ' tcp '),
    ),
    protocol: field(
      fc.constantFrom<JsonValue[]>(6, '17', '1', 58, 50),
      fc.constantFrom<JsonValue[]>(256, 'six', '-1', 6.5),
    ),
  },
  [],
);

const count = field(
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.integer({ min: 0, max: 100_000 }).map(String),
  fc.constantFrom<JsonValue[]>(
    -1,
    '-1',
    1.5,
    'lots',
    true,
    9e9,
    9e9 + 1,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    '0',
    59,
    90_061,
  ),
);
const instant = field(
  fc
    .date({ min: new Date('2023-12-20'), max: new Date('2023-12-22'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '987Z')),
  fc.constantFrom<JsonValue[]>(
    '2023-12-20T11:21:41',
    '2023-12-20T11:21:41+02:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ),
  fc.constantFrom<JsonValue[]>('2023-12-20 11:21:41', '1703071301', 1703071301, '2023-02-30T00:00:00Z'),
);
const protocolNames = field(
  fc.constantFrom('UDP', 'tcp', 'TCPv4-Server', ' udp4 ', 'OpenVPN', 'IPsec', 'DoH', ' '),
  fc.constantFrom<JsonValue[]>(6, 17, false),
);

const session = {
  clientUUID: text,
  clientSessionId: text,
  clientOsType: field(
    fc.constantFrom(
      'win',
      'mac',
      'linux',
      'ios',
      'android',
      'Windows 11',
      ' macOS 14',
      'FreeBSD',
      'iPhone OS',
      'plan9',
      '7',
    ),
    anyText,
  ),
  clientOsVersion: text,
  clientPublicIp: ip,
  clientTunnelIpV4: ip,
  clientTunnelIpV6: ip,
  sessionProtocol: protocolNames,
  sessionTunnelProtocol: protocolNames,
  sessionStartTime: instant,
  gatewayRegionName: text,
  gatewayRegion: text,
  gatewayId: text,
};
const stream = { 'aws-s3-bucket': text, 'aws-region': text };

/** The fields of `log` by event name. */
const logs: Readonly<Record<string, Record<string, fc.Arbitrary<JsonValue>>>> = {
  'client-connected': session,
  'client-disconnected': {
    ...session,
    sessionBytesIn: count,
    sessionBytesOut: count,
    sessionDisconnectReason: text,
    sessionDurationSeconds: count,
    sessionEndTime: instant,
    sessionDisconnectReasonDescription: text,
  },
  'domain-blocked': {
    domain: field(fc.constantFrom('c2.example.net', 'Login.Example.COM', 'xn--e1afmkfd.example'), anyText),
    category: text,
    queryType: field(fc.constantFrom('A', 'AAAA', 'HTTPS'), fc.integer({ min: 1, max: 300 })),
    protocol: protocolNames,
  },
  'traffic-blocked': {
    signatureId: id,
    eventName: text,
    classification: text,
    priority: field(fc.integer({ min: 1, max: 3 }), fc.constantFrom<JsonValue[]>('1', '2', 3.5, 4, -1, 'high')),
    category: text,
    protocol: field(fc.constantFrom('TCP', 'udp', 'ICMPv6', 'QUIC', '47', ' '), fc.constantFrom<JsonValue[]>(6, 17)),
    sourceIp: ip,
    sourcePort: number(65535),
    destinationIp: ip,
    destinationPort: number(65535),
  },
  'log-stream-started': stream,
  'log-stream-paused': stream,
  'test-message': {},
};

const arbitraryLog = (known: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonValue> =>
  fc.oneof(
    { weight: 12, arbitrary: known },
    { weight: 1, arbitrary: fc.constantFrom<JsonValue[]>(null, '', 'text', [1], 7) },
  );

const header = {
  CloudConnexaLogVersion: field(fc.constant(1), fc.constantFrom<JsonValue[]>('1', 1.5, 'x', 2 ** 60)),
  timestamp: time,
  cloudId: text,
  service: text,
  traceId: text,
  publicIp: ip,
  initiatorPublicIp: ip,
  initiator: id,
  initiatorType: type,
  initiatorName: text,
  initiatorRole: text,
  parentEntity: id,
  parentEntityType: type,
  parentEntityName: text,
  category: text,
  userAgent: text,
};
const otherName = fc.constantFrom<JsonValue[]>('brand-new', 'other', 'toString', '__proto__', 5, null);

/** Any event that is valid JSON and an object; half of them flows. */
export const arbitraryEvent: fc.Arbitrary<JsonObject> = fc.oneof(
  {
    weight: 8,
    arbitrary: object({ ...header, eventName: fc.constant('flow-established'), log: arbitraryLog(flowLog) }, [
      'eventName',
    ]),
  },
  ...Object.entries(logs).map(([name, fields]) => ({
    weight: 1,
    arbitrary: object({ ...header, eventName: fc.constant(name), log: arbitraryLog(object(fields, [])) }, [
      'eventName',
    ]),
  })),
  { weight: 1, arbitrary: object({ ...header, eventName: otherName, log: arbitraryLog(flowLog) }, ['eventName']) },
);
