import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { BucketSide, BucketWay } from '../bucket.js';
import { come } from '../come.js';
import { FINISHED_WITHIN_MS, LOOK_MS } from './live-file.js';
import type { Supply } from './supply.js';

const AGAIN_WITHIN_MS = 2_000;
/** Some are written anew while they are read, some after. */
const APPEND_WITHIN_MS = 6_000;
/** A listing has 1,000 keys on a page. */
const MANY = 1_050;
const SIDE_BY_SIDE = 10;

export interface ObjectsOptions {
  readonly supply: Supply;
  readonly bucket: BucketSide;
  /** Whether an object of the bucket that is listed is finished, as the one who reads it has noted durably. */
  readonly finished: (key: string, body: Buffer) => Promise<boolean>;
}

/** Objects that come into the buckets. `count` is a number of events. */
export class Objects {
  readonly #options: ObjectsOptions;

  constructor(options: ObjectsOptions) {
    this.#options = options;
  }

  async put(way: BucketWay, count: number): Promise<true> {
    await this.#put(way, this.#options.supply.lines(count, way));
    return true;
  }

  /** S3 may announce an object once more. */
  async announceTwice(count: number): Promise<true> {
    const { supply, bucket } = this.#options;
    const { key, body } = await this.#put('announced', supply.lines(count, 'announced'));
    await sleep(supply.random.below(AGAIN_WITHIN_MS));
    await bucket.announceAgain(key, body);
    return true;
  }

  /** Written anew under the same key, with more events behind those that it had. */
  async append(count: number): Promise<true> {
    const { supply, bucket } = this.#options;
    const before = supply.lines(count, 'listed');
    const { key } = await this.#put('listed', before);
    await sleep(supply.random.below(APPEND_WITHIN_MS));
    await bucket.put('listed', key, packed(key, before + supply.lines(count, 'listed')));
    return true;
  }

  /** False when it was not read to its end in time: then it stays, as its events would be lost. */
  async deleteWhenRead(count: number): Promise<boolean> {
    const { supply, bucket, finished } = this.#options;
    const { key, body } = await this.#put('listed', supply.lines(count, 'listed'));
    if (!(await come(() => finished(key, body), FINISHED_WITHIN_MS, LOOK_MS))) return false;
    await bucket.remove('listed', key);
    return true;
  }

  /** More than one page of a listing has keys: objects of one event each. */
  async many(): Promise<true> {
    for (let left = MANY; left > 0; left -= SIDE_BY_SIDE)
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => this.put('listed', 1)));
    return true;
  }

  async #put(way: BucketWay, text: string): Promise<{ key: string; body: Buffer }> {
    const number = this.#options.supply.number();
    const key = number % 2 === 0 ? `${number}.gz` : `${number}.json`;
    const body = packed(key, text);
    await this.#options.bucket.put(way, key, body);
    return { key, body };
  }
}

function packed(key: string, text: string): Buffer {
  return key.endsWith('.gz') ? gzipSync(text) : Buffer.from(text);
}
