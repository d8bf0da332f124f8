import { BlockList, isIP } from 'node:net';

/** What a rule wants to know of an address. */
export interface IpInfo {
  readonly version: 4 | 6;
  /** Global unicast: can be a public address of a host. */
  readonly global: boolean;
  /** Inside by design: private, shared (100.64.0.0/10), unique local, link-local, or in a configured network. */
  readonly inside: boolean;
}

/** RFC 1918, RFC 6598 (CloudConnexa's own default range), RFC 3927; RFC 4193 and RFC 4291 for IPv6. */
const INSIDE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/**
 * Neither inside nor global, by the IANA special-purpose address registries. The documentation ranges (RFC 5737,
 * RFC 3849) are left out on purpose: they stand for public addresses in every example, sample and demo, and never
 * occur on a real network.
 */
const SPECIAL = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** IPv6 global unicast is 2000::/3 (RFC 4291) but for these. */
const GLOBAL_V6 = ['2000::/3', '64:ff9b::/96'];
const SPECIAL_V6 = ['2001::/32', '2001:2::/48', '2001:10::/28', '2002::/16'];

/** Distinct addresses remembered; past it the table starts anew, so memory stays bounded whatever the traffic. */
const MAX_REMEMBERED = 65_536;

const inside = blockList(INSIDE);
const special = blockList([...SPECIAL, ...SPECIAL_V6]);
const globalV6 = blockList(GLOBAL_V6);

/**
 * Makes the look-up from an address's text to what is known of it; undefined when the text is no IP address.
 * Zone ids (`fe80::1%eth0`) are no IP addresses: the engines' `ip` field refuses them.
 *
 * @param internalNetworks CIDR blocks that count as inside in addition to the private ranges.
 */
export function ipTable(internalNetworks: readonly string[] = []): (text: string) => IpInfo | undefined {
  const configured = blockList(internalNetworks);
  let remembered = new Map<string, IpInfo | undefined>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined || remembered.has(text)) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered = new Map();
    const info = classify(text, configured);
    if (text.length < 64) remembered.set(text, info);
    return info;
  };
}

function classify(text: string, configured: BlockList): IpInfo | undefined {
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return undefined;
  if (version === 4) return classifyV4(text, configured);
  const embedded = mappedV4(text);
  if (embedded !== undefined) return classifyV4(embedded, configured);
  return {
    version: 6,
    global: globalV6.check(text, 'ipv6') && !special.check(text, 'ipv6'),
    inside: inside.check(text, 'ipv6') || configured.check(text, 'ipv6'),
  };
}

function classifyV4(text: string, configured: BlockList): IpInfo {
  const isPrivate = inside.check(text);
  return { version: 4, global: !isPrivate && !special.check(text), inside: isPrivate || configured.check(text) };
}

/** The IPv4 address in `::ffff:a.b.c.d` or `::ffff:hhhh:hhhh`; the engines store both as IPv4 too. */
function mappedV4(text: string): string | undefined {
  const canonical = new URL(`http://[${text}]`).hostname;
  if (!canonical.startsWith('[::ffff:')) return undefined;
  const words = canonical.slice(8, -1).split(':');
  if (words.length !== 2) return undefined;
  const [high = 0, low = 0] = words.map((word) => parseInt(word, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix = ''] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
