/** The events other than flows, for the reference mapper: written from the mapping's rules, sharing nothing with src. */
import {
  actor,
  address,
  after,
  carry,
  classify,
  from,
  join,
  machine,
  namedTransport,
  osType,
  related,
  span,
  time,
  NUMBERS,
  type Known,
  type Person,
  type Text,
} from './reference-parts.js';

const SESSION_LOG = [
  ...['clientUUID', 'clientSessionId', 'clientOsType', 'clientOsVersion', 'clientPublicIp', 'clientTunnelIpV4'],
  ...['clientTunnelIpV6', 'sessionProtocol', 'sessionTunnelProtocol', 'sessionStartTime', 'gatewayRegionName'],
  ...['gatewayRegion', 'gatewayId'],
];
const END_LOG = [
  ...['sessionBytesIn', 'sessionBytesOut', 'sessionDisconnectReason', 'sessionDurationSeconds', 'sessionEndTime'],
  'sessionDisconnectReasonDescription',
];
const STREAM_LOG = ['aws-s3-bucket', 'aws-region'];

/** Names that the `log` of each event has a place for. */
export const EVENT_LOGS: Readonly<Record<string, readonly string[]>> = {
  'client-connected': SESSION_LOG,
  'client-disconnected': [...SESSION_LOG, ...END_LOG],
  'domain-blocked': ['domain', 'category', 'queryType', 'protocol'],
  'traffic-blocked': [
    ...['signatureId', 'eventName', 'classification', 'priority', 'category', 'protocol'],
    ...['sourceIp', 'sourcePort', 'destinationIp', 'destinationPort'],
  ],
  'log-stream-started': STREAM_LOG,
  'log-stream-paused': STREAM_LOG,
};

/** Puts everything that is the event's own, `related.*` and `message` included. */
export function eventFields(eventName: string, known: Known): void {
  switch (eventName) {
    case 'client-connected':
    case 'client-disconnected':
      return session(eventName === 'client-disconnected', known);
    case 'domain-blocked':
      return domain(known);
    case 'traffic-blocked':
      return traffic(known);
    case 'log-stream-started':
    case 'log-stream-paused':
      return stream(eventName === 'log-stream-paused' ? 'paused' : 'started', known);
    case 'test-message':
      classify(known, 'test_message_sent');
      from(known, known.publicIp);
      related(known, [known.publicIp], false);
      return known.put('message', join(['A test message was sent', after('by', actor(known))]));
    default: {
      related(known, [known.publicIp], false);
      const { user, h } = known;
      const who = user.full_name ?? user.name ?? h['initiatorName'];
      return known.put('message', (h['eventName'] ?? 'Unnamed event') + (who === undefined ? '' : ` of ${who}`));
    }
  }
}

function session(ended: boolean, known: Known): void {
  const { fields, put, h, user } = known;
  const get = (name: string): Text => known.text(fields, name, 'log.');
  classify(
    known,
    ended ? 'client_disconnected' : 'client_connected',
    ['network', 'session'],
    [ended ? 'end' : 'start'],
  );
  put('cloudconnexa.client.uuid', get('clientUUID'));
  put('cloudconnexa.session.id', get('clientSessionId'));
  const os = get('clientOsType');
  put('host.os.name', os);
  put('host.os.version', get('clientOsVersion'));
  put('host.os.type', osType(os));
  const clientIp = address(known, 'clientPublicIp') ?? known.publicIp;
  from(known, clientIp);
  if (clientIp !== undefined)
    put('network.type', /:/.test(clientIp) && !/^::ffff:\d+\./i.test(clientIp) ? 'ipv6' : 'ipv4');
  const tunnel = [address(known, 'clientTunnelIpV4'), address(known, 'clientTunnelIpV6')];
  put('cloudconnexa.client.tunnel_ipv4', tunnel[0]);
  put('cloudconnexa.client.tunnel_ipv6', tunnel[1]);
  machine(known, tunnel);
  const protocols = [get('sessionProtocol'), get('sessionTunnelProtocol')];
  put('cloudconnexa.session.protocol', protocols[0]);
  put('cloudconnexa.session.tunnel_protocol', protocols[1]);
  const carried = carry(known, protocols);
  put('network.protocol', carried);
  const region = get('gatewayRegion');
  const regionName = get('gatewayRegionName');
  put('cloudconnexa.source.gateway.region', region);
  put('observer.name', region);
  put('cloudconnexa.source.gateway.region_name', regionName);
  put('observer.geo.name', regionName);
  put('cloudconnexa.source.gateway.id', get('gatewayId'));
  const start = time(known, 'sessionStartTime');
  put('event.start', start);
  const parent = h['parentEntity'];
  if (h['parentEntityType'] === 'User' && parent !== undefined) {
    const same = user.id === parent;
    const email = /^[^@ ]+@[^@ .][^@ ]*\.[^@ ]*[^@ .]$/.test(parent) ? parent : undefined;
    const owner: Person = same ? user : { id: parent, email, name: email };
    for (const [name, value] of Object.entries(owner)) put(`source.user.${name}`, value);
  }
  related(known, [clientIp, ...tunnel, known.publicIp], true);
  const who = actor(known) ?? 'A client';
  if (!ended) return put('message', join([who, 'connected', after('from', clientIp), after('to', regionName)]));
  const duration = ending(known, start);
  const [short, long] = [get('sessionDisconnectReason'), get('sessionDisconnectReasonDescription')];
  const reason = long ?? short;
  put('event.reason', reason);
  put('cloudconnexa.session.disconnect_reason', short);
  const sentence = join([who, 'disconnected', after('from', regionName), after('after', span(duration))]);
  put('message', reason === undefined ? sentence : `${sentence}: ${reason}`);
}

/** @returns nanoseconds */
function ending(known: Known, start: Text): number | undefined {
  const { fields, put } = known;
  const bytes = (name: string): number | undefined => {
    const count = known.whole(fields, name, 'log.', Number.MAX_SAFE_INTEGER, 'a whole number from 0');
    if (count === undefined || count >= 0) return count;
    return known.reject(`log.${name}`, fields[name], 'a whole number from 0');
  };
  const toClient = bytes('sessionBytesIn');
  const fromClient = bytes('sessionBytesOut');
  put('destination.bytes', toClient);
  put('source.bytes', fromClient);
  if (toClient !== undefined && fromClient !== undefined) put('network.bytes', toClient + fromClient);
  const end = time(known, 'sessionEndTime');
  put('event.end', end);
  const expected = 'a number of seconds from 0 to 9000000000';
  let seconds = known.whole(fields, 'sessionDurationSeconds', 'log.', 9e9, expected);
  if (seconds !== undefined && seconds < 0) {
    seconds = known.reject('log.sessionDurationSeconds', fields['sessionDurationSeconds'], expected);
  }
  const nanos = seconds === undefined ? between(start, end) : seconds * 1_000_000_000;
  put('event.duration', nanos);
  return nanos;
}

/** Only for the four-digit years and the forms of time that the tests use. */
function between(start: Text, end: Text): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const [from, to] = [start, end].map((text) => {
    const cut = text.replace(/(\.\d{3})\d+/, '$1');
    return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(cut) ? cut : `${cut}Z`);
  }) as [number, number];
  return to < from || to - from > 9e12 ? undefined : (to - from) * 1_000_000;
}

function domain(known: Known): void {
  const { fields, put, h, publicIp } = known;
  const get = (name: string): Text => known.text(fields, name, 'log.');
  classify(known, 'domain_blocked', ['network'], ['denied', 'protocol']);
  put('dns.type', 'query');
  put('network.protocol', 'dns');
  const name = get('domain')?.toLowerCase();
  const category = get('category');
  put('dns.question.name', name);
  put('dns.question.type', get('queryType'));
  put('rule.category', category);
  put('cloudconnexa.threat.category', category);
  const protocol = get('protocol');
  put('cloudconnexa.dns.protocol', protocol);
  carry(known, [protocol]);
  machine(known, []);
  if (h['initiator'] !== undefined && publicIp !== undefined && known.kindOf(publicIp) === 'global') {
    put('source.nat.ip', publicIp);
  }
  related(known, [publicIp], true);
  const what = name === undefined ? 'a domain' : `domain ${name}`;
  put('message', join(['Blocked', what, category && `(${category})`, after('for', actor(known))]));
}

function traffic(known: Known): void {
  const { fields, put } = known;
  const get = (name: string): Text => known.text(fields, name, 'log.');
  const port = (name: string) => known.whole(fields, name, 'log.', 65535, 'a port number from 0 to 65535');
  classify(known, 'traffic_blocked', ['intrusion_detection', 'network'], ['connection', 'denied']);
  const signature = get('eventName');
  put('rule.id', get('signatureId'));
  put('rule.name', signature);
  put('rule.category', get('classification'));
  const category = get('category');
  put('rule.ruleset', category);
  put('cloudconnexa.threat.category', category);
  const priority = known.whole(fields, 'priority', 'log.', Number.MAX_SAFE_INTEGER, 'an integer');
  put('cloudconnexa.threat.priority', priority);
  put('event.severity', priority === 1 ? 99 : priority === 2 ? 73 : priority === 3 ? 47 : undefined);
  const ends = { source: ['sourceIp', 'sourcePort'], destination: ['destinationIp', 'destinationPort'] } as const;
  const ips: Record<string, Text> = {};
  const places: Record<string, Text> = {};
  for (const [side, [ipName, portName]] of Object.entries(ends)) {
    const text = get(ipName);
    const number = port(portName);
    put(`${side}.address`, text);
    put(`${side}.port`, number);
    if (text !== undefined && known.isAddress(text)) put(`${side}.ip`, (ips[side] = text));
    if (text === undefined) places[side] = number === undefined ? undefined : `port ${number}`;
    else if (number === undefined) places[side] = text;
    else places[side] = text.includes(':') ? `[${text}]:${number}` : `${text}:${number}`;
  }
  const transport = namedTransport(get('protocol'));
  put('network.transport', transport);
  put('network.iana_number', transport === undefined ? undefined : NUMBERS[transport]);
  const reached = ips['destination'] ?? ips['source'];
  if (reached !== undefined)
    put('network.type', /:/.test(reached) && !/^::ffff:\d+\./i.test(reached) ? 'ipv6' : 'ipv4');
  const kinds = [ips['source'], ips['destination']].map((ip) => (ip === undefined ? 'none' : known.kindOf(ip)));
  put('network.direction', direction(kinds[0], kinds[1]));
  machine(known, []);
  related(known, [ips['source'], ips['destination'], known.publicIp], true);
  const sentence = join([
    ...['Blocked', transport, 'traffic', after('of', actor(known))],
    ...[after('from', places['source']), after('to', places['destination'])],
  ]);
  put('message', signature === undefined ? sentence : `${sentence}: ${signature}`);
}

function direction(from: Text, to: Text): Text {
  if (to === 'global') return from === 'global' ? 'external' : 'outbound';
  if (to === 'inside') return from === 'global' ? 'inbound' : from === 'inside' ? 'internal' : undefined;
  return undefined;
}

function stream(verb: 'started' | 'paused', known: Known): void {
  const { fields, put } = known;
  classify(known, `log_stream_${verb}`, ['configuration'], ['change']);
  const bucket = known.text(fields, 'aws-s3-bucket', 'log.');
  const region = known.text(fields, 'aws-region', 'log.');
  put('cloud.target.provider', 'aws');
  put('cloud.target.region', region);
  put('cloudconnexa.log_stream.bucket', bucket);
  from(known, known.publicIp);
  related(known, [known.publicIp], false);
  const what = join(['Log streaming', after('to', bucket), region && `(${region})`]);
  put('message', join([what, `was ${verb}`, after('by', actor(known))]));
}
