import type { Device, Region, Site, User } from './company.js';
import { byConnector, byDevice, eventText, sessionTime, type Sampler } from './envelope.js';

interface Session {
  readonly id: string;
  readonly user: User;
  readonly device: Device;
  readonly startMs: number;
  readonly untilMs: number;
  /** What does not change from the session's first event to its last. */
  readonly log: object;
}

const HOUR_MS = 3_600_000;

/** Operating systems by what devices are called. */
const SYSTEMS: readonly (readonly [word: string, type: string, version: string])[] = [
  ['MacBook', 'mac', '14.4.1'],
  ['Phone', 'ios', '17.4'],
  ['Desktop', 'linux', '6.8.0'],
  ['Laptop', 'win', '11'],
];

/** The vendor does not list its reasons: these are made up. */
const REASONS: readonly (readonly [reason: string, description: string | null])[] = [
  ['CLIENT_DISCONNECT', 'The client closed the connection'],
  ['INACTIVITY_TIMEOUT', 'No traffic for too long'],
  ['PING_TIMEOUT', null],
  ['ADMIN_DISCONNECT', 'Disconnected by an administrator'],
];

/** Which devices are connected: each works in sessions of half an hour to nine hours, and comes back when it has a flow. */
export class Sessions {
  readonly #sampler: Sampler;
  readonly #open = new Map<string, Session>();

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
  }

  /** The id of the device's session, when it is connected. */
  idOf(device: Device): string | undefined {
    return this.#open.get(device.id)?.id;
  }

  /** Connects a device. @returns the event */
  connect(user: User, device: Device, nowMs: number, timestamp: string): string {
    const { random } = this.#sampler;
    const id = random.hex(24);
    const [, osType = 'win', osVersion = '11'] = SYSTEMS.find(([word]) => device.name.includes(word)) ?? [];
    const log = {
      clientUUID: device.id.toUpperCase(),
      clientSessionId: id,
      clientOsType: osType,
      clientOsVersion: osVersion,
      clientPublicIp: user.publicIp,
      ...tunnel(device.ip, nowMs, user.region),
    };
    const untilMs = nowMs + HOUR_MS / 2 + random.below(8.5 * HOUR_MS);
    this.#open.set(device.id, { id, user, device, startMs: nowMs, untilMs, log });
    return eventText(this.#sampler, timestamp, byDevice(user, device), 'Activity.AV', 'client-connected', { log });
  }

  /** The event of a session that is over by now; undefined when none is. */
  end(nowMs: number, timestamp: string): string | undefined {
    for (const session of this.#open.values()) {
      if (session.untilMs > nowMs) continue;
      this.#open.delete(session.device.id);
      return this.#disconnected(session, nowMs, timestamp);
    }
    return undefined;
  }

  #disconnected({ user, device, startMs, log: same }: Session, nowMs: number, timestamp: string): string {
    const { random } = this.#sampler;
    const seconds = Math.floor((nowMs - startMs) / 1000);
    const [reason, description] = random.skewed(REASONS);
    const log = {
      sessionBytesIn: seconds * random.below(60_000),
      sessionBytesOut: seconds * random.below(9000),
      sessionDisconnectReason: reason,
      sessionDurationSeconds: seconds,
      sessionEndTime: sessionTime(nowMs),
      sessionDisconnectReasonDescription: description,
      ...same,
    };
    return eventText(this.#sampler, timestamp, byDevice(user, device), 'Activity.AV', 'client-disconnected', { log });
  }
}

/** A site's connector connects; it stays. */
export function connectorConnected(
  sampler: Sampler,
  site: Site,
  number: number,
  nowMs: number,
  timestamp: string,
): string {
  const publicIp = `192.0.2.${10 + number}`;
  const log = {
    clientUUID: null,
    clientSessionId: sampler.random.hex(24),
    clientOsType: 'linux',
    clientOsVersion: '6.8.0',
    clientPublicIp: publicIp,
    ...tunnel(`100.96.0.${2 + number}`, nowMs, site.region),
  };
  return eventText(sampler, timestamp, byConnector(site, publicIp), 'Activity.AV', 'client-connected', { log });
}

function tunnel(ip: string, startMs: number, region: Region): object {
  return {
    clientTunnelIpV4: ip,
    clientTunnelIpV6: `fd:0:0:8101::${ip.split('.').slice(2).join(':')}`,
    sessionProtocol: 'UDP',
    sessionTunnelProtocol: 'OpenVPN',
    sessionStartTime: sessionTime(startMs),
    gatewayRegionName: region.name,
    gatewayRegion: region.id,
    gatewayId: `${region.id}-1`,
  };
}
