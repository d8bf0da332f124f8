import type { User } from './company.js';
import { byDevice, eventText, type Sampler } from './envelope.js';

/** Names of RFC 2606: nobody's. */
const DOMAINS: readonly (readonly [domain: string, category: string])[] = [
  ['ads.tracker.example', 'Advertising'],
  ['bets.casino.example', 'Gambling'],
  ['login.paypa1.example', 'Phishing'],
  ['dl.free-codecs.example', 'Malware'],
  ['beacon.c2.example', 'Command and Control'],
];

type Signature = readonly [id: string, name: string, classification: string, priority: number, category: string];

/** Categories and their priorities are the vendor's; the signatures are made up. */
const SIGNATURES: readonly Signature[] = [
  ['9000101', 'Adware update check', 'Potential Corporate Privacy Violation', 3, 'Adware'],
  ['9000102', 'Mining pool login', 'Crypto Currency Mining Activity Detected', 3, 'Cryptojacking'],
  ['9000103', 'Credential form of a known phishing kit', 'Possible Social Engineering Attempted', 2, 'Phishing'],
  ['9000104', 'Trojan check-in', 'A Network Trojan was detected', 1, 'Malware and Ransomware'],
];
const INTRUSION: Signature = [
  '9000105',
  'SMB exploit attempt',
  'Attempted Administrator Privilege Gain',
  1,
  'Intrusion Activity',
];

/** Somebody asked for a name that Cyber Shield blocks. */
export function domainBlocked(sampler: Sampler, timestamp: string): string {
  const { random, company } = sampler;
  const user = random.skewed(company.users);
  const [domain, category] = random.skewed(DOMAINS);
  const log = { domain, category, queryType: random.pick(['A', 'A', 'AAAA', 'HTTPS']), protocol: 'UDP' };
  const initiator = byDevice(user, random.skewed(user.devices));
  return eventText(sampler, timestamp, initiator, 'Security.CyberShieldBlockedDomains', 'domain-blocked', { log });
}

/** Cyber Shield blocked traffic: of somebody to the Internet, or of the intruder to a host of a site. */
export function trafficBlocked(sampler: Sampler, timestamp: string, intruder?: User): string {
  const { random, company } = sampler;
  const user = intruder ?? random.skewed(company.users);
  const device = random.skewed(user.devices);
  const to = intruder === undefined ? random.pick(company.websites) : random.pick(random.pick(company.sites).hosts);
  const [signatureId, name, classification, priority, category] =
    intruder === undefined ? random.skewed(SIGNATURES) : INTRUSION;
  const log = {
    signatureId,
    eventName: name,
    classification,
    priority,
    category,
    protocol: 'TCP',
    sourceIp: device.ip,
    sourcePort: 49_152 + random.below(16_384),
    destinationIp: to.ip,
    destinationPort: intruder === undefined ? 443 : 445,
  };
  const initiator = byDevice(user, device);
  return eventText(sampler, timestamp, initiator, 'Security.CyberShieldBlockedTraffic', 'traffic-blocked', { log });
}
