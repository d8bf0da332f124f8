import { attacker, attackFlow } from './attack.js';
import { logStream, testMessage } from './audit.js';
import { createCompany, type Device, type User } from './company.js';
import type { Sampler } from './envelope.js';
import { dailyFlow, flowEvent, type Flow } from './flows.js';
import { PERIOD_MS, randomOfDay, sampleTime, type SampleOptions } from './options.js';
import { createRandom } from './random.js';
import { connectorConnected, Sessions } from './sessions.js';
import { domainBlocked, trafficBlocked } from './threats.js';

export { sampleFlows } from './sample-flows.js';
export type { SampleOptions } from './options.js';

/** The seed of the demo and of the benchmarks. */
export const SAMPLE_SEED = 20_260;

/**
 * Made-up events of all kinds as JSON texts, in order of time: flows as {@link sampleFlows} has them, each within a session
 * of its device that was connected before; now and then a blocked domain or blocked traffic; a few events of the log
 * stream itself. A few flows have a port that is none, as types of real events lie. The attacker comes with a device that nobody knows, from another region and another address.
 */
export function* sampleEvents(options: SampleOptions): Generator<string> {
  const { seed, count, end, attack = true } = options;
  const companyRandom = createRandom(seed);
  const company = createCompany(companyRandom);
  const random = randomOfDay(options, companyRandom);
  const day = new Day({ random, company }, attack);
  const start = end.getTime() - PERIOD_MS;
  for (let i = 0; i < count; i++) {
    const share = (i + 1) / count;
    const nowMs = start + Math.floor(share * PERIOD_MS);
    yield day.next(share, nowMs, sampleTime(random, nowMs));
  }
}

/** Every so many flows one has a port that is none. */
const ODD_EVERY = 4000;

type Make = (nowMs: number, timestamp: string) => string;

class Day {
  readonly #sampler: Sampler;
  readonly #sessions: Sessions;
  readonly #admin: User;
  readonly #intruder: User;
  /** What comes next, whatever else happens. */
  readonly #next: Make[];
  readonly #hasAttack: boolean;
  #wasPaused = false;
  #flows = 0;

  constructor(sampler: Sampler, hasAttack: boolean) {
    this.#hasAttack = hasAttack;
    const { company, random } = sampler;
    this.#sampler = sampler;
    this.#sessions = new Sessions(sampler);
    this.#admin = random.pick(company.users);
    this.#intruder = stolen(sampler, attacker(company));
    this.#next = [
      this.#stream('started'),
      (_, timestamp) => testMessage(sampler, this.#admin, timestamp),
      ...company.sites.map(
        (site, i): Make =>
          (nowMs, timestamp) =>
            connectorConnected(sampler, site, i, nowMs, timestamp),
      ),
    ];
  }

  /** @param share of the day that is over */
  next(share: number, nowMs: number, timestamp: string): string {
    if (share > 0.4 && !this.#wasPaused) {
      this.#wasPaused = true;
      this.#next.push(this.#stream('paused'), this.#stream('started'));
    }
    const ended = this.#sessions.end(nowMs, timestamp);
    if (ended !== undefined) return ended;
    const make = this.#next.shift() ?? this.#choose(share);
    return make(nowMs, timestamp);
  }

  #choose(share: number): Make {
    const { random, company } = this.#sampler;
    const attack = this.#hasAttack ? attackFlow(random, company, this.#intruder, share) : undefined;
    if (random.chance(0.004)) return (_, timestamp) => domainBlocked(this.#sampler, timestamp);
    if (random.chance(attack === undefined ? 0.0015 : 0.03)) {
      return (_, timestamp) => trafficBlocked(this.#sampler, timestamp, attack && this.#intruder);
    }
    return this.#flow(attack ?? dailyFlow(random, company));
  }

  /** A flow, after its device has connected. */
  #flow(flow: Flow): Make {
    return (nowMs, timestamp) => {
      const { random, company } = this.#sampler;
      const sessionId = this.#sessions.idOf(flow.device);
      if (sessionId !== undefined) return this.#text(flowEvent(random, company, flow, timestamp, sessionId));
      this.#next.unshift(this.#flow(flow));
      return this.#sessions.connect(flow.user, flow.device, nowMs, timestamp);
    };
  }

  #text(event: object): string {
    this.#flows += 1;
    const isOdd = this.#flows % ODD_EVERY === ODD_EVERY / 2;
    const text = JSON.stringify(event);
    return isOdd ? text.replace(/"destinationPort":\d+/, '"destinationPort":"any"') : text;
  }

  #stream(what: 'started' | 'paused'): Make {
    return (_, timestamp) => logStream(this.#sampler, what, this.#admin, timestamp);
  }
}

/** The account of a user in foreign hands: another device, region and address. */
function stolen({ random, company }: Sampler, user: User): User {
  const device: Device = { id: random.uuid(), name: 'DESKTOP-7F3K2', ip: '100.96.9.99', sessionId: '' };
  const region = company.users.map((other) => other.region).find(({ id }) => id !== user.region.id) ?? user.region;
  return { ...user, region, publicIp: '192.0.2.66', devices: [device] };
}
