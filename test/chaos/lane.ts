import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../src/package-root.js';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import type { BucketSide } from './bucket.js';
import { ChildClock } from './child-clock.js';
import { givenEvents } from './events.js';
import { makeFeeder, type Feeder } from './feed/feeder.js';
import { Keeper } from './keeper.js';
import { Ledger } from './ledger.js';
import { makeRoom, type Room } from './room.js';
import type { Store } from './store.js';
import type { Site, Subject } from './subject.js';

/** All that belongs to one subject: its process, what it reads, the way to the engine, and what is known of it. */
export interface Lane {
  readonly subject: Subject;
  readonly site: Site;
  readonly store: Store;
  readonly proxy: FaultProxy;
  readonly keeper: Keeper;
  readonly clock: ChildClock;
  readonly room: Room;
  /** When there was no room, in milliseconds since 1970. */
  readonly full: { readonly fromMs: number; toMs: number }[];
  readonly feeder: Feeder;
  readonly ledger: Ledger;
  readonly bucket: BucketSide | undefined;
  /**
   * Rolls all data streams over, while no request is behind the proxy: the one gap that is known (`src/stored.ts`) is a
   * request still carried out while its sender is gone.
   */
  rollOver(): Promise<boolean>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly seed: number;
  readonly eventsPerSecond: number;
  readonly forMs: number;
  /** Its own; made by this. */
  readonly folder: string;
  readonly store: Store;
  readonly bucket?: BucketSide | undefined;
  /** Its memory is judged. */
  readonly isMeasured: boolean;
}

/** MiB: young garbage could otherwise be 48 MiB, more or less by chance, and hide what is kept. */
const YOUNG_MIB = 4;
/** In a batch: what is under way is to be little beside what would be kept. */
const [FEW, MANY_EVENTS] = [200, 500];

/** More events than ever are asked for: other files and objects take some, and faults that are late take time. */
const MANY = 20;

export async function openLane(subject: Subject, options: LaneOptions): Promise<Lane> {
  const { seed, eventsPerSecond, forMs, folder, store, bucket } = options;
  const { namespace } = store;
  const [events, dataDir] = [join(folder, 'events'), join(folder, 'data')];
  await mkdir(events, { recursive: true });
  const proxy = await startFaultProxy({ target: store.engine.url });
  const inputs = bucket?.inputs ?? [];
  const batchEvents = options.isMeasured ? FEW : MANY_EVENTS;
  const site: Site = { folder, namespace, url: proxy.url, events, dataDir, inputs, batchEvents };
  const clock = await ChildClock.in(join(folder, 'clock'));
  const args = await subject.prepare(site);
  // Modules of development are found from the package's folder; the configuration is in the lane's.
  const configured = { CLOUDCONNEXA_ECS_CONFIG: join(folder, 'cloudconnexa-ecs.yml') };
  const { NODE_OPTIONS: imports = '', ...others } = clock.env;
  const young = options.isMeasured ? ` --max-semi-space-size=${YOUNG_MIB}` : '';
  const env = { ...configured, ...others, NODE_OPTIONS: imports + young };
  const keeper = new Keeper({ args, cwd: packagePath('.'), env }, join(folder, 'log.jsonl'));
  const room = await makeRoom(dataDir, () => keeper);
  const ledger = new Ledger(() => clock.now());
  const finished = (path: string, size: number): Promise<boolean> => subject.finished(site, path, size);
  const count = Math.round((eventsPerSecond * forMs * MANY) / 1000);
  const given = givenEvents({ seed, count, namespace, now: Date.now });
  const objectFinished = (key: string, body: Buffer): Promise<boolean> => subject.objectFinished(site, key, body);
  const feeder = makeFeeder({
    ...{ seed, events: given, eventsPerSecond, folder: events, ledger, bucket },
    ...{ finished, objectFinished },
  });
  return {
    ...{ subject, site, store, proxy, keeper, clock, room, feeder, ledger, bucket, full: [] },
    async rollOver() {
      // Waits for an engine that is away before the proxy is closed to all others.
      await store.streams();
      return proxy.between(() => store.rollOver());
    },
    async close() {
      keeper.close();
      await room.close();
      await proxy.close();
      await bucket?.close();
    },
  };
}
