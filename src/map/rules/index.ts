import type { IpInfo } from '../ip.js';
import { carrier, clientAddress, device, first, os } from './client.js';
import {
  connectedMessage,
  disconnectedMessage,
  domainMessage,
  streamMessage,
  testMessage,
  trafficMessage,
} from './event-message.js';
import { eventMessage, flowMessage } from './message.js';
import { nat, network } from './network.js';
import { distinct, relatedHosts } from './related.js';
import { duration, totalBytes } from './session.js';
import { severity } from './severity.js';
import { transport } from './transport.js';
import { sourceUser, user } from './user.js';
import { verdict } from './verdict.js';

/** What rules may ask of the mapper they run in. */
export interface RuleEnvironment {
  /** What is known of an IP address; undefined when the text is none. */
  readonly ip: (text: string) => IpInfo | undefined;
}

type Text = string | undefined;

/**
 * The rules that field lists can call, by the name used there. Arguments are the list's `from`, in its order (undefined
 * when absent); the result's keys are those of its `to`. Rules are pure: same arguments, same result.
 */
export function rulesFor({ ip }: RuleEnvironment) {
  return {
    user,
    source_user: sourceUser,
    verdict,
    transport,
    nat: (...args: NatArguments) => nat(ip, ...args),
    network: (source: Text, destination: Text, parentType: Text) => network(ip, source, destination, parentType),
    related_ip: (...ips: Text[]) => ({ ip: distinct(...ips) }),
    related_user: (...users: Text[]) => ({ user: distinct(...users) }),
    related_hosts: relatedHosts,
    flow_message: flowMessage,
    event_message: eventMessage,
    client_address: clientAddress,
    first,
    device,
    os,
    carrier,
    duration,
    total_bytes: totalBytes,
    severity,
    connected_message: connectedMessage,
    disconnected_message: disconnectedMessage,
    domain_message: domainMessage,
    traffic_message: trafficMessage,
    stream_message: streamMessage,
    test_message: testMessage,
  };
}

type NatArguments = Parameters<typeof nat> extends [unknown, ...infer Rest] ? Rest : never;
