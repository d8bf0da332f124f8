import { decimal } from '../fits.js';

/** Keywords by number, from IANA's "Assigned Internet Protocol Numbers", in lower case as ECS wants them. */
const KEYWORDS =
  'hopopt icmp igmp ggp ipv4 st tcp cbt egp igp bbn-rcc-mon nvp-ii pup argus emcon xnet chaos udp mux dcn-meas hmp prm ' +
  'xns-idp trunk-1 trunk-2 leaf-1 leaf-2 rdp irtp iso-tp4 netblt mfe-nsp merit-inp dccp 3pc idpr xtp ddp idpr-cmtp tp++ ' +
  'il ipv6 sdrp ipv6-route ipv6-frag idrp rsvp gre dsr bna esp ah i-nlsp swipe narp min-ipv4 tlsp skip ipv6-icmp ' +
  'ipv6-nonxt ipv6-opts . cftp . sat-expak kryptolan rvd ippc . sat-mon visa ipcv cpnx cphb wsn pvp br-sat-mon sun-nd ' +
  'wb-mon wb-expak iso-ip vmtp secure-vmtp vines iptm nsfnet-igp dgp tcf eigrp ospfigp sprite-rpc larp mtp ax.25 ipip ' +
  'micp scc-sp etherip encap . gmtp ifmp pnni pim aris scps qnx a/n ipcomp snp compaq-peer ipx-in-ip vrrp pgm . l2tp ddx ' +
  'iatp stp srp uti smp sm ptp isis fire crtp crudp sscopmce iplt sps pipe sctp fc rsvp-e2e-ignore mobility udplite ' +
  'mpls-in-ip manet hip shim6 wesp rohc ethernet aggfrag nsh homa';

const keywordOf = new Map<number, string>();
const numberOf = new Map<string, string>();
for (const [number, keyword] of KEYWORDS.split(' ').entries()) {
  // A dot stands for "any host internal protocol" and its like: numbers that IANA gives no keyword.
  if (keyword === '.') continue;
  keywordOf.set(number, keyword);
  numberOf.set(keyword, String(number));
}

/** Common spellings of IANA keywords. */
const SPELLINGS = new Map([
  ['icmpv6', 'ipv6-icmp'],
  ['icmp6', 'ipv6-icmp'],
  ['ospf', 'ospfigp'],
  ['udp-lite', 'udplite'],
]);

/** `network.transport` and `network.iana_number`. */
export interface TransportFields {
  readonly transport: string | undefined;
  readonly iana_number: string | undefined;
}

/**
 * Each is derived from the other when missing. A name that IANA does not have gives way to the keyword of a known number,
 * and stands as it is, in lower case, only without one.
 */
export function transport(name: string | undefined, number: number | undefined): TransportFields {
  const keyword = keywordFor(name);
  const byNumber = number === undefined ? undefined : keywordOf.get(number);
  const known = keyword !== undefined && numberOf.has(keyword);
  return {
    transport: known ? keyword : (byNumber ?? keyword),
    iana_number: number === undefined ? (keyword === undefined ? undefined : numberOf.get(keyword)) : String(number),
  };
}

function keywordFor(name: string | undefined): string | undefined {
  const lower = name?.trim().toLowerCase();
  if (lower === undefined || lower === '') return undefined;
  return SPELLINGS.get(lower) ?? keywordOf.get(decimal(lower)) ?? lower;
}
