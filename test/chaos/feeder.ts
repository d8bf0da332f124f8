import { copyFile, mkdir, open, rename, stat, truncate, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createRandom, type Random } from '../../src/sample/random.js';
import { fileForms } from '../support/event-files.js';
import type { BucketSide } from './bucket.js';
import type { Given, Way } from './events.js';
import type { Ledger } from './ledger.js';

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
  /** Whether the file is finished up to its size, as the one who reads it has noted. */
  readonly finished: (path: string, size: number) => Promise<boolean>;
}

const TICK_MS = 100;
const JUNK_EVERY = 397;
const PIECES = 4;
const AGAIN_WITHIN_MS = 2_000;

/** Writes the events of a run over its time, into a growing file and whatever else the script asks for. */
export class Feeder {
  readonly #options: FeederOptions;
  readonly #random: Random;
  readonly #path: string;
  #live!: FileHandle;
  /** Written with the next piece: a reader sees half an event meanwhile. */
  #held = '';
  #given = 0;
  #dueFromMs = 0;
  #files = 0;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: FeederOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed + 2);
    this.#path = join(options.folder, 'live.jsonl');
  }

  /** Writes as time goes by, up to the end of `signal`. */
  async feed(signal: AbortSignal): Promise<void> {
    const { eventsPerSecond } = this.#options;
    await mkdir(this.#staging, { recursive: true });
    this.#live = await open(this.#path, 'a');
    this.#dueFromMs = performance.now();
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - this.#dueFromMs) / 1000) * eventsPerSecond);
      this.#dueFromMs += (due * 1000) / eventsPerSecond;
      if (due > 0) await this.#turn(() => this.#write(this.#take(due, 'growing')));
      await sleep(TICK_MS);
    }
  }

  /** Ends half an event that is written, and writes no more. */
  async finish(): Promise<void> {
    await this.#turn(async () => {
      await this.#flush();
      await this.#live.close();
    });
  }

  /** Renames the growing file; who writes it notices after `late` more events. */
  rotate(late: number): Promise<boolean> {
    return this.#turn(async () => {
      await this.#flush();
      await rename(this.#path, `${this.#path}.${this.#next()}`);
      await this.#write(this.#take(late, 'growing'));
      await this.#flush();
      await this.#live.close();
      this.#live = await open(this.#path, 'a');
      return true;
    });
  }

  /** The copy is in the folder, too: nothing can be lost. */
  copyAndCut(): Promise<boolean> {
    return this.#turn(async () => {
      await this.#flush();
      await copyFile(this.#path, `${this.#path}.copy${this.#next()}`);
      await truncate(this.#path);
      return true;
    });
  }

  /** What is cut without a copy is lost unless it was read: only what is finished is cut. */
  cutWhenFinished(): Promise<boolean> {
    return this.#turn(async () => {
      await this.#flush();
      const { size } = await stat(this.#path);
      for (let tries = 0; tries < 50 && size > 0; tries += 1) {
        if (await this.#options.finished(this.#path, size)) {
          await truncate(this.#path);
          return true;
        }
        await sleep(200);
      }
      return false;
    });
  }

  async slowGzip(count: number): Promise<boolean> {
    const packed = gzipSync(lines(this.#take(count, 'file')));
    const file = await open(join(this.#options.folder, `slow-${this.#next()}.gz`), 'a');
    const size = Math.ceil(packed.length / PIECES);
    for (let at = 0; at < packed.length; at += size) {
      await file.appendFile(packed.subarray(at, at + size));
      await sleep(TICK_MS);
    }
    await file.close();
    return true;
  }

  movedGzip(count: number): Promise<boolean> {
    return this.#moveIn(`moved-${this.#next()}.gz`, gzipSync(lines(this.#take(count, 'file'))));
  }

  otherForm(count: number): Promise<boolean> {
    const [name, write] = this.#random.pick(Object.entries(fileForms));
    return this.#moveIn(`${this.#next()}-${name}`, write(this.#take(count, 'file').map(({ text }) => text)));
  }

  /** Two times: it is announced once more a while later. */
  async object(way: 'listed' | 'announced', count: number, times: number): Promise<boolean> {
    const { bucket } = this.#options;
    if (bucket === undefined) return false;
    const text = lines(this.#take(count, way));
    const number = this.#next();
    const [key, body] = number % 2 === 0 ? [`${number}.gz`, gzipSync(text)] : [`${number}.json`, text];
    await bucket.put(way, key, body);
    if (times === 1) return true;
    await sleep(this.#random.below(AGAIN_WITHIN_MS));
    await bucket.announceAgain(key, body);
    return true;
  }

  get #staging(): string {
    return `${this.#options.folder}-staging`;
  }

  #next(): number {
    this.#files += 1;
    return this.#files;
  }

  /** One after the other: the growing file has one writer. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => undefined);
    return done;
  }

  #take(count: number, way: Way): Given[] {
    const { events, ledger } = this.#options;
    this.#given += count;
    return Array.from({ length: count }, () => {
      const next = events.next();
      if (next.done === true) throw new RangeError('there are no more events');
      ledger.give(next.value, way);
      return next.value;
    });
  }

  async #write(events: readonly Given[]): Promise<void> {
    const { ledger } = this.#options;
    const junk = events.length > 0 && this.#given % JUNK_EVERY < events.length ? `this is no event ${this.#given}` : '';
    if (junk !== '') ledger.giveJunk(junk);
    const text = this.#held + lines(events) + (junk && `${junk}\n`);
    const end = text.length - this.#random.below(Math.min(text.length, 300) + 1);
    this.#held = text.slice(end);
    await this.#live.appendFile(text.slice(0, end));
  }

  async #flush(): Promise<void> {
    await this.#live.appendFile(this.#held);
    this.#held = '';
  }

  /** As a whole, under its name at once. */
  async #moveIn(name: string, body: Buffer): Promise<boolean> {
    await writeFile(join(this.#staging, name), body);
    await rename(join(this.#staging, name), join(this.#options.folder, name));
    return true;
  }
}

function lines(events: readonly Given[]): string {
  return events.map(({ text }) => `${text}\n`).join('');
}
