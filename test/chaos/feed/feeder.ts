import { createRandom } from '../../../src/sample/random.js';
import type { BucketSide } from '../bucket.js';
import type { Given, Way } from '../events.js';
import type { Ledger } from '../ledger.js';
import { LiveFile, type Finished } from './live-file.js';
import { Objects, type ObjectsOptions } from './objects.js';
import { OtherFiles } from './other-files.js';
import { Supply } from './supply.js';

export interface FeederOptions {
  readonly seed: number;
  /** All events of the run, and more. */
  readonly events: Iterator<Given>;
  /** Into the growing file. */
  readonly eventsPerSecond: number;
  /** The folder that is read. */
  readonly folder: string;
  readonly ledger: Ledger;
  readonly bucket: BucketSide | undefined;
  readonly finished: Finished;
  readonly objectFinished: ObjectsOptions['finished'];
}

/** Where the events of a run come in. */
export interface Feeder {
  readonly live: LiveFile;
  readonly files: OtherFiles;
  /** Undefined for who reads no bucket. */
  readonly objects: Objects | undefined;
}

/** Gives one event more, the way that is asked for. @returns its id. */
export function giveOne({ live, files, objects }: Feeder, way: Way): Promise<string> {
  if (way === 'growing') return live.add();
  if (way === 'file') return files.movedGzip(1);
  if (objects === undefined) throw new RangeError(`nobody reads what comes ${way}`);
  return objects.put(way, 1);
}

export function makeFeeder(options: FeederOptions): Feeder {
  const { seed, events, eventsPerSecond, folder, ledger, bucket, finished, objectFinished } = options;
  const supply = new Supply(events, ledger, createRandom(seed + 2));
  return {
    live: new LiveFile({ folder, supply, eventsPerSecond, finished }),
    files: new OtherFiles({ folder, supply, finished }),
    objects: bucket && new Objects({ supply, bucket, finished: objectFinished }),
  };
}
