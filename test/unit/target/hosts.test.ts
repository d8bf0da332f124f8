import { expect } from 'chai';
import { setTimeout as realWait } from 'node:timers/promises';
import { createSender } from '../../../src/deliver.js';
import { createClient } from '../../../src/target/client.js';
import { afterTest } from '../../support/after-test.js';
import { clusterOfHosts, type ClusterHost, type Health, type HostCluster } from '../../support/cluster-of-hosts.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { batchOf, hurriedClock, keepLog } from '../../support/sending.js';

const PARALLEL = 4;
const PER_BATCH = 3;

describe('several hosts', () => {
  interface Shipping extends HostCluster, Pick<ManualClock, 'advance' | 'jump'> {
    readonly hosts: readonly [ClusterHost, ClusterHost, ClusterHost];
    /** Delivers so many batches, a few at a time; gives how many bulk requests each host got. */
    readonly ship: (batches: number) => Promise<number[]>;
    /** Ids that were sent. */
    readonly sent: string[];
  }

  async function start(): Promise<Shipping> {
    const { hosts, stored } = await clusterOfHosts(3);
    const { clock, advance, jump } = manualClock();
    const client = createClient(
      { hosts: hosts.map(({ url }) => url), gzip: false, request_timeout_s: 0.3 },
      { clock, connectTimeoutMs: 300 },
    );
    afterTest(() => client.close());
    const sender = createSender({
      client,
      config: {
        ...{ gzip: false, request_timeout_s: 0.3, max_in_flight: 8 },
        batch: { max_bytes: 100_000, max_events: 100, max_age_s: 1 },
        retry: { initial_ms: 100, max_s: 1, auth_wait_s: 1 },
      },
      log: keepLog().log,
      clock: hurriedClock().clock,
    });
    const sent: string[] = [];
    const ship = async (batches: number): Promise<number[]> => {
      const before = hosts.map(({ met }) => met.bulk);
      let left = batches;
      const work = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const ids = Array.from({ length: PER_BATCH }, (_, i) => `${sent.length + i}`);
          sent.push(...ids);
          const result = await sender.deliver(batchOf(ids), new AbortController().signal);
          expect(result).to.deep.include({ rejected: [], unfinished: [] });
          // Gives what was asked of a host the time to be answered.
          await realWait(1);
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
      return hosts.map(({ met }, i) => met.bulk - (before[i] ?? 0));
    };
    return { hosts: hosts as unknown as Shipping['hosts'], stored, sent, ship, advance, jump };
  }

  const near = (share: number, of: number): boolean => Math.abs(share - of) <= of * 0.2;

  it('get the same share of the requests', async () => {
    const { ship } = await start();
    expect((await ship(90)).every((share) => near(share, 30))).to.equal(true);
  });

  const failures: Record<Exclude<Health, 'well'>, string> = {
    dead: 'takes no connection',
    hangs: 'never answers',
    ill: 'answers 503',
    lame: 'answers, but no bulk request',
  };
  for (const [health, name] of Object.entries(failures) as [Exclude<Health, 'well'>, string][])
    it(`lose nothing when one of them ${name}: it is met now and then, and has its share again when it is back`, async () => {
      const { hosts, stored, sent, ship, advance } = await start();
      const [first, second, third] = hosts;
      await ship(9);
      await second.become(health);

      const found = await ship(60);
      expect(found[1], 'until it is found out').to.be.at.most(PARALLEL);
      expect(near(found[0] ?? 0, found[2] ?? 0), `${found.join()}`).to.equal(true);

      const before = { ...second.met };
      for (let second = 0; second < 120; second += 1) {
        advance(1000);
        await ship(1);
      }
      // After 1, 2, 4, 8, 16, 32 and 64 seconds.
      expect(second.met.bulk - before.bulk, 'bulk requests in two minutes').to.be.at.most(7);
      expect(second.met.asked - before.asked, 'questions in two minutes').to.be.at.most(8);

      await second.become('well');
      // A question that was not answered ends now.
      await realWait(50);
      advance(10 * 60_000);
      await ship(9);
      const back = await ship(90);
      expect(
        back.every((share) => near(share, 30)),
        `${back.join()}`,
      ).to.equal(true);
      expect([...stored.keys()].sort()).to.deep.equal([...sent].sort());
      expect(first.met.bulk + third.met.bulk).to.be.above(100);
    });

  it('are all used again at once when the whole cluster was away', async () => {
    const { hosts, stored, sent, ship, advance } = await start();
    for (const host of hosts) await host.become('ill');
    const shipped = ship(9);
    await realWait(200);
    for (const host of hosts) await host.become('well');
    await shipped;
    advance(1);
    await ship(9);
    expect((await ship(90)).every((share) => near(share, 30))).to.equal(true);
    expect(stored.size).to.equal(sent.length);
  });

  it('are not left alone for longer when the clock of the machine is set', async () => {
    const { hosts, ship, advance, jump } = await start();
    await hosts[1].become('ill');
    await ship(9);
    jump(-365 * 24 * 3_600_000);
    await hosts[1].become('well');
    advance(2000);
    await ship(9);
    expect(near((await ship(90))[1] ?? 0, 30)).to.equal(true);
  });
});
