/**
 * A second mapper, written straight from the mapping's rules with no regard for speed and nothing shared with the first:
 * property tests demand the same documents of both. It reads plain objects and builds plain objects.
 */
import { isIP } from 'node:net';
import type { JsonObject, JsonValue } from '../../src/record.js';
import { EVENT_LOGS, eventFields } from './reference-events.js';
import type { Person } from './reference-parts.js';

type Doc = Record<string, unknown>;
type Raw = JsonValue | undefined;

const DATASETS = new Map(
  Object.entries({
    'flow-established': 'flow',
    'client-connected': 'session',
    'client-disconnected': 'session',
    'domain-blocked': 'threat',
    'traffic-blocked': 'threat',
    'log-stream-started': 'audit',
    'log-stream-paused': 'audit',
    'test-message': 'audit',
  }),
);

const HEADER_TEXT = [
  'cloudId',
  'service',
  'traceId',
  'initiator',
  'initiatorType',
  'initiatorName',
  'initiatorRole',
  'parentEntity',
  'parentEntityType',
  'parentEntityName',
  'category',
  'eventName',
  'userAgent',
];
const LOG_TEXT = [
  'clientSessionId',
  ...['source', 'destination'].flatMap((side) =>
    [
      'EntityType',
      'EntityId',
      'EntityName',
      'ParentType',
      'ParentId',
      'ParentName',
      'GatewayRegion',
      'GatewayRegionName',
    ].map((name) => side + name),
  ),
  'sourceIp',
  'destinationEntityIp',
  'protocolName',
];
const LOG_OTHER = ['destinationPort', 'allowed', 'protocol'];

const HEADER_OTHER = ['CloudConnexaLogVersion', 'timestamp', 'initiatorPublicIp', 'publicIp', 'log'];

/** The document of an event whose unmapped values are simple (strings, numbers, booleans). */
export function referenceDocument(event: JsonObject, readAt: string): Doc {
  const doc: Doc = {};
  const invalid: Record<string, string> = {};
  const problems: string[] = [];
  const put = (name: string, value: unknown): void => setPath(doc, name, value);
  const reject = (vendor: string, value: Raw, expected: string): undefined => {
    problems.push(`${vendor}: expected ${expected}`);
    const bare = vendor.replace('log.', '');
    const isAmbiguous = bare !== vendor && [...HEADER_TEXT, ...HEADER_OTHER].includes(bare);
    const name = isAmbiguous ? `log_${bare}` : bare;
    if (!isMissing(value)) invalid[name] = typeof value === 'string' ? value : JSON.stringify(value);
    return undefined;
  };
  const text = (source: JsonObject, name: string, prefix = ''): string | undefined => {
    const value = source[name];
    if (isMissing(value)) return undefined;
    return typeof value === 'object' ? reject(prefix + name, value, 'text') : String(value);
  };
  const whole = (
    source: JsonObject,
    name: string,
    prefix: string,
    max: number,
    expected: string,
  ): number | undefined => {
    const value = source[name];
    if (isMissing(value)) return undefined;
    const number = typeof value === 'string' ? (/^\d{1,16}$/.test(value) ? Number(value) : NaN) : value;
    const fits = typeof number === 'number' && Number.isSafeInteger(number) && number <= max;
    if (!fits || (max < 100000 && number < 0)) return reject(prefix + name, value, expected);
    return number;
  };

  const eventName = typeof event['eventName'] === 'string' ? event['eventName'] : '';
  const dataset = DATASETS.get(eventName) ?? 'other';
  const isFlow = eventName === 'flow-established';
  const h: Record<string, string | undefined> = {};
  for (const name of HEADER_TEXT) h[name] = text(event, name);

  const time = event['timestamp'];
  if (typeof time === 'string' && isTime(time)) put('@timestamp', time);
  else {
    reject('timestamp', time, 'an ISO 8601 time with date and time of day');
    put('@timestamp', readAt);
  }
  put('ecs.version', '9.4.0');
  put('event.module', 'cloudconnexa');
  put('event.dataset', `cloudconnexa.${dataset}`);
  put('data_stream.type', 'logs');
  put('data_stream.dataset', `cloudconnexa.${dataset}`);
  put('data_stream.namespace', 'default');
  put('event.created', readAt);
  put('observer.vendor', 'OpenVPN');
  put('observer.product', 'CloudConnexa');
  put('observer.type', 'firewall');

  put('cloudconnexa.log_version', whole(event, 'CloudConnexaLogVersion', '', Number.MAX_SAFE_INTEGER, 'an integer'));
  put('organization.id', h['cloudId']);
  put('event.provider', h['service']);
  put('event.id', h['traceId']);
  put('event.code', h['eventName']);
  put('cloudconnexa.category', h['category']);
  put('user_agent.original', h['userAgent']);
  put('cloudconnexa.initiator.id', h['initiator']);
  put('cloudconnexa.initiator.type', h['initiatorType']);
  put('cloudconnexa.initiator.name', h['initiatorName']);
  put('cloudconnexa.initiator.role', h['initiatorRole']);
  if (h['initiatorType'] === 'User' && h['initiatorRole'] !== undefined) put('user.roles', [h['initiatorRole']]);
  put('cloudconnexa.initiator.parent.id', h['parentEntity']);
  put('cloudconnexa.initiator.parent.type', h['parentEntityType']);
  put('cloudconnexa.initiator.parent.name', h['parentEntityName']);
  if (h['parentEntityType'] === 'Group' || h['parentEntityType'] === 'UserGroup') {
    put('user.group.id', h['parentEntity']);
    put('user.group.name', h['parentEntityName']);
  }

  const publicIps = ['initiatorPublicIp', 'publicIp'].map((name) => {
    const value = event[name];
    if (isMissing(value)) return undefined;
    return typeof value === 'string' && isAddress(value) ? value : reject(name, value, 'an IP address');
  });
  const publicIp = publicIps[0] ?? publicIps[1];
  put('cloudconnexa.initiator.public_ip', publicIp);

  const user = userOf(h);
  for (const [name, value] of Object.entries(user)) put(`user.${name}`, value);

  const log = event['log'];
  const hasLog = typeof log === 'object' && log !== null && !Array.isArray(log);
  if (!isMissing(log) && !hasLog) reject('log', log, 'an object');
  const fields = hasLog ? log : {};
  const unmapped = Object.create(null) as Doc;
  for (const [name, value] of Object.entries(event)) {
    if (![...HEADER_TEXT, ...HEADER_OTHER].includes(name) && !isMissing(value)) unmapped[name] = asUnmapped(value);
  }
  if (publicIps[0] !== undefined && publicIps[1] !== undefined && publicIps[0] !== publicIps[1]) {
    unmapped['publicIp'] = publicIps[1];
  }
  const knownLog = isFlow
    ? [...LOG_TEXT, ...LOG_OTHER]
    : Object.hasOwn(EVENT_LOGS, eventName)
      ? EVENT_LOGS[eventName]
      : [];
  const unknownLog = Object.entries(fields).filter(
    ([name, value]) => !isMissing(value) && knownLog?.includes(name) !== true,
  );
  if (unknownLog.length > 0) {
    // A list of pairs, not an object literal: `__proto__` is a key like any other.
    unmapped['log'] = Object.fromEntries(unknownLog.map(([name, value]) => [name, asUnmapped(value)]));
  }
  if (Object.keys(unmapped).length > 0) put('cloudconnexa.unmapped', unmapped);

  if (isFlow) flowFields();
  else {
    const known = { h, user, publicIp, fields, put, text, whole, reject, isTime, isAddress, kindOf };
    eventFields(eventName, known);
  }
  const kind = eventName === 'traffic-blocked' ? 'alert' : 'event';
  put('event.kind', problems.length === 0 ? kind : 'pipeline_error');
  if (problems.length > 0) put('error.message', problems.join('; '));
  if (Object.keys(invalid).length > 0) put('cloudconnexa.invalid', invalid);
  return doc;

  function flowFields(): void {
    const l: Record<string, string | undefined> = {};
    for (const name of LOG_TEXT) l[name] = text(fields, name, 'log.');
    const port = whole(fields, 'destinationPort', 'log.', 65535, 'a port number from 0 to 65535');
    const allowedRaw = fields['allowed'];
    let allowed: boolean | undefined;
    if (!isMissing(allowedRaw)) {
      const word =
        typeof allowedRaw === 'boolean'
          ? String(allowedRaw)
          : typeof allowedRaw === 'string'
            ? allowedRaw.toLowerCase()
            : '';
      if (word === 'true' || word === 'false') allowed = word === 'true';
      else reject('log.allowed', allowedRaw, 'true or false');
    }
    const protocol = whole(fields, 'protocol', 'log.', 255, 'an IANA protocol number from 0 to 255');

    put('event.category', ['network']);
    put('event.outcome', 'success');
    put('event.type', ['connection', ...(allowed === undefined ? [] : [allowed ? 'allowed' : 'denied'])]);
    if (allowed !== undefined) put('event.action', allowed ? 'flow_allowed' : 'flow_denied');
    put('cloudconnexa.allowed', allowed);
    put('cloudconnexa.session.id', l['clientSessionId']);
    for (const side of ['source', 'destination']) {
      for (const [vendor, own] of [
        ['EntityId', 'entity.id'],
        ['EntityType', 'entity.type'],
        ['EntityName', 'entity.name'],
        ['ParentId', 'parent.id'],
        ['ParentType', 'parent.type'],
        ['ParentName', 'parent.name'],
        ['GatewayRegion', 'gateway.region'],
        ['GatewayRegionName', 'gateway.region_name'],
      ] as const) {
        put(`cloudconnexa.${side}.${own}`, l[side + vendor]);
      }
    }
    put('observer.name', l['sourceGatewayRegion']);
    put('observer.geo.name', l['sourceGatewayRegionName']);
    const sourceIp = l['sourceIp'] !== undefined && isAddress(l['sourceIp']) ? l['sourceIp'] : undefined;
    const destinationIp =
      l['destinationEntityIp'] !== undefined && isAddress(l['destinationEntityIp'])
        ? l['destinationEntityIp']
        : undefined;
    put('source.address', l['sourceIp']);
    put('source.ip', sourceIp);
    put('destination.address', l['destinationEntityIp']);
    put('destination.ip', destinationIp);
    put('destination.port', port);
    if (l['sourceEntityType'] === 'Device') {
      put('host.id', l['sourceEntityId']);
      put('host.name', l['sourceEntityName']?.toLowerCase());
      if (sourceIp !== undefined) put('host.ip', [sourceIp]);
    }
    const sourceUser: Person = {};
    if (l['sourceParentType'] === 'User' && l['sourceParentId'] !== undefined) {
      if (l['sourceParentId'] === user.id) Object.assign(sourceUser, user);
      else {
        sourceUser.id = l['sourceParentId'];
        if (looksLikeEmail(sourceUser.id)) sourceUser.email = sourceUser.name = sourceUser.id;
      }
    }
    for (const [name, value] of Object.entries(sourceUser)) put(`source.user.${name}`, value);
    const destinationUser = l['destinationParentType'] === 'User' ? l['destinationParentId'] : undefined;
    put('destination.user.id', destinationUser);
    if (l['destinationParentType'] === 'Network' || l['destinationParentType'] === 'Internet Gateway') {
      put('network.name', l['destinationParentName']);
    }
    const isSource =
      h['initiator'] !== undefined &&
      (h['initiator'] === l['sourceEntityId'] ||
        (h['initiatorType'] === 'User' && l['sourceParentType'] === 'User' && h['initiator'] === l['sourceParentId']));
    if (isSource && publicIp !== undefined && kindOf(publicIp) === 'global') put('source.nat.ip', publicIp);

    const names: Record<string, string> = {
      '6': 'tcp',
      '17': 'udp',
      '1': 'icmp',
      '58': 'ipv6-icmp',
      '50': 'esp',
      '47': 'gre',
    };
    const numbers: Record<string, string> = Object.fromEntries(Object.entries(names).map(([n, k]) => [k, n]));
    const spelled = l['protocolName']?.trim().toLowerCase();
    const named = spelled === 'icmpv6' ? 'ipv6-icmp' : (names[spelled ?? ''] ?? spelled);
    const numbered = protocol === undefined ? undefined : names[String(protocol)];
    const transport =
      named !== undefined && named in numbers ? named : (numbered ?? (named === '' ? undefined : named));
    put('network.transport', transport);
    put('network.iana_number', protocol !== undefined ? String(protocol) : numbers[transport ?? '']);
    const version = destinationIp ?? sourceIp;
    if (version !== undefined)
      put('network.type', isIP(version) === 4 || /^::ffff:\d+\./i.test(version) ? 'ipv4' : 'ipv6');
    const from = sourceIp === undefined ? 'none' : kindOf(sourceIp);
    const to = destinationIp === undefined ? 'none' : kindOf(destinationIp);
    if (l['destinationParentType'] === 'Internet Gateway') put('network.direction', 'outbound');
    else if (from === 'global' && to === 'global') put('network.direction', 'external');
    else if (to === 'global') put('network.direction', 'outbound');
    else if (from === 'inside' && to === 'inside') put('network.direction', 'internal');
    else if (from === 'global' && to === 'inside') put('network.direction', 'inbound');

    put('related.ip', unique([sourceIp, destinationIp, publicIp]));
    put(
      'related.user',
      unique([user.id, user.name, user.email, sourceUser.id, sourceUser.name, sourceUser.email, destinationUser]),
    );
    const hosts = ['source', 'destination'].flatMap((side) =>
      ['Device', 'Connector', 'Host'].includes(l[`${side}EntityType`] ?? '')
        ? [l[`${side}EntityName`]?.toLowerCase(), l[`${side}EntityId`]]
        : [],
    );
    put('related.hosts', unique(hosts));
    put('message', flowSentence(allowed, transport, user.full_name ?? user.name ?? h['initiatorName'], l, port));
  }
}

function userOf(h: Record<string, string | undefined>): Person {
  const viaParent = h['initiatorType'] === 'Device' && h['parentEntityType'] === 'User';
  if (h['initiatorType'] !== 'User' && !viaParent) return {};
  const id = viaParent ? h['parentEntity'] : h['initiator'];
  const name = viaParent ? h['parentEntityName'] : h['initiatorName'];
  if (id !== undefined && looksLikeEmail(id)) return { id, email: id, name: id, full_name: name };
  return { id, name: name ?? id };
}

function flowSentence(
  allowed: boolean | undefined,
  transport: string | undefined,
  who: string | undefined,
  l: Record<string, string | undefined>,
  port: number | undefined,
): string {
  const withAddress = (name: string | undefined, address: string | undefined): string | undefined =>
    name !== undefined && address !== undefined ? `${name} (${address})` : (name ?? address);
  const source =
    who !== undefined && l['sourceEntityName'] !== undefined
      ? `${who} on ${l['sourceEntityName']}`
      : (who ?? l['sourceEntityName']);
  const address = l['destinationEntityIp'];
  const endpoint =
    port === undefined
      ? address
      : address === undefined
        ? `port ${port}`
        : `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const from = withAddress(source, l['sourceIp']);
  const to = withAddress(l['destinationEntityName'], endpoint);
  return [
    allowed === undefined ? 'Unjudged' : allowed ? 'Allowed' : 'Denied',
    transport,
    'flow',
    from === undefined ? undefined : `from ${from}`,
    to === undefined ? undefined : `to ${to}`,
    l['destinationParentName'] === undefined ? undefined : `in ${l['destinationParentName']}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** Lists with anything but simple values in them are kept as JSON text. */
function asUnmapped(value: Raw): unknown {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? JSON.stringify(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asUnmapped(inner)]));
}

function isMissing(value: Raw): value is null | undefined | '' {
  return value === undefined || value === null || value === '';
}

function unique(values: (string | undefined)[]): string[] | undefined {
  const found = [...new Set(values.filter((value) => value !== undefined))];
  return found.length === 0 ? undefined : found;
}

function looksLikeEmail(text: string): boolean {
  return /^[^@ ]+@[^@ .][^@ ]*\.[^@ ]*[^@ .]$/.test(text);
}

function isTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (match === null) return false;
  const [, year, month, day, hour, minute, second, , zone] = match;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const zoneHours = zone === undefined || zone === 'Z' ? 0 : Number(zone.slice(1, 3)) + Number(zone.slice(4)) / 60;
  return (
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    date.getUTCMonth() === Number(month) - 1 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    zoneHours <= 18 &&
    (zone === undefined || zone === 'Z' || Number(zone.slice(4)) < 60)
  );
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** By the text's own numbers, for the addresses that the tests use. */
function kindOf(text: string): 'inside' | 'global' | 'neither' {
  const v4 = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(text);
  if (v4 !== null) {
    const [a = 0, b = 0, c = 0] = v4.slice(1).map(Number);
    if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'inside';
    if ((a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254)) return 'inside';
    if (a === 0 || a === 127 || a >= 224 || (a === 198 && (b === 18 || b === 19))) return 'neither';
    if (a === 192 && ((b === 0 && c === 0) || (b === 88 && c === 99))) return 'neither';
    return 'global';
  }
  const first = parseInt(text.split(':')[0] ?? '', 16);
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80) return 'inside';
  return (first & 0xe000) === 0x2000 && first !== 0x2002 ? 'global' : 'neither';
}

function setPath(doc: Doc, name: string, value: unknown): void {
  if (value === undefined) return;
  const steps = name.split('.');
  const last = steps.pop() ?? name;
  let node = doc;
  for (const step of steps) node = (node[step] ??= {}) as Doc;
  node[last] = value;
}
