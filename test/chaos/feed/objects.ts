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

/** Objects that come into the buckets. `count` is a number of events; what is returned is the id of the last one. */
export class Objects {
  readonly #options: ObjectsOptions;

  constructor(options: ObjectsOptions) {
    this.#options = options;
  }

  async put(way: BucketWay, count: number): Promise<string> {
    const { text, lastId } = this.#options.supply.lines(count);
    await this.#put(way, text);
    return lastId;
  }

  /** S3 may announce an object once more. */
  async announceTwice(count: number): Promise<string> {
    const { supply, bucket } = this.#options;
    const { text, lastId } = supply.lines(count);
    const { key, body } = await this.#put('announced', text);
    await sleep(supply.random.below(AGAIN_WITHIN_MS));
    await bucket.announceAgain(key, body);
    return lastId;
  }

  /** Written anew under the same key, with more events behind those that it had. */
  async append(count: number): Promise<string> {
    const { supply, bucket } = this.#options;
    const { text: before } = supply.lines(count);
    const { key } = await this.#put('listed', before);
    await sleep(supply.random.below(APPEND_WITHIN_MS));
    const { text: more, lastId } = supply.lines(count);
    await bucket.put('listed', key, packed(key, before + more));
    return lastId;
  }

  /** False when it was not read to its end in time: then it stays, as its events would be lost. */
  async deleteWhenRead(count: number): Promise<string | false> {
    const { supply, bucket, finished } = this.#options;
    const { text, lastId } = supply.lines(count);
    const { key, body } = await this.#put('listed', text);
    if (!(await come(() => finished(key, body), FINISHED_WITHIN_MS, LOOK_MS))) return false;
    await bucket.remove('listed', key);
    return lastId;
  }

  /** More than one page of a listing has keys: objects of one event each. */
  async many(): Promise<string> {
    let last: string | undefined;
    for (let left = MANY; left > 0; left -= SIDE_BY_SIDE)
      last = (await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => this.put('listed', 1)))).at(-1);
    return last ?? '';
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
