import { copyFile, open, readFile, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { come } from '../come.js';
import { writeSlowly } from './slowly.js';
import type { Supply } from './supply.js';

/** Whether a file is finished up to its size, as the one who reads it has noted durably. */
export type Finished = (path: string, size: number) => Promise<boolean>;

/** Who reads it may be killed again and again meanwhile; who is further behind has met nothing. */
export const FINISHED_WITHIN_MS = 90_000;
/** Each look reads what the reader has noted. */
export const LOOK_MS = 1_000;
const TICK_MS = 100;

export interface LiveFileOptions {
  /** The folder that is read. */
  readonly folder: string;
  readonly supply: Supply;
  readonly eventsPerSecond: number;
  readonly finished: Finished;
}

/** A log as its one writer sees it: it grows over the time of a run, and is rotated in the ways of logrotate. */
export class LiveFile {
  readonly #options: LiveFileOptions;
  readonly #path: string;
  #live!: FileHandle;
  /** Written with the next piece: a reader sees half an event meanwhile. */
  #held = '';
  #lastId = '';
  #dueFromMs = 0;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: LiveFileOptions) {
    this.#options = options;
    this.#path = join(options.folder, 'live.jsonl');
  }

  /** Writes as time goes by, up to the end of `signal`. */
  async feed(signal: AbortSignal): Promise<void> {
    const { eventsPerSecond } = this.#options;
    this.#live = await open(this.#path, 'a');
    this.#dueFromMs = performance.now();
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - this.#dueFromMs) / 1000) * eventsPerSecond);
      this.#dueFromMs += (due * 1000) / eventsPerSecond;
      if (due > 0) await this.#turn(() => this.#write(due));
      await sleep(TICK_MS);
    }
  }

  /** One event more. @returns its id. */
  add(): Promise<string> {
    return this.#turn(async () => {
      await this.#write(1);
      return this.#lastId;
    });
  }

  /** Ends half an event that is written, and writes no more. */
  async finish(): Promise<void> {
    await this.#turn(async () => {
      await this.#flush();
      await this.#live.close();
    });
  }

  /** Renames it; who writes it notices after `late` more events. @returns the path it has now, and its last event. */
  rotate(late: number): Promise<{ readonly path: string; readonly lastId: string }> {
    return this.#turn(async () => {
      await this.#flush();
      const path = `${this.#path}.${this.#options.supply.number()}`;
      await rename(this.#path, path);
      await this.#write(late);
      await this.#flush();
      await this.#live.close();
      this.#live = await open(this.#path, 'a');
      return { path, lastId: this.#lastId };
    });
  }

  /** The rotated file becomes a compressed one, as logrotate's `compress` does it: it grows beside the plain one, which goes then. */
  async rotateAndPack(late: number): Promise<string> {
    const { path, lastId } = await this.rotate(late);
    await writeSlowly(`${path}.gz`, gzipSync(await readFile(path)));
    await rm(path);
    return lastId;
  }

  /** False when it was not read to its end in time: then it stays, as its events would be lost. */
  async rotateAndDelete(late: number): Promise<string | false> {
    const { path, lastId } = await this.rotate(late);
    const { size } = await stat(path);
    if (!(await come(() => this.#options.finished(path, size), FINISHED_WITHIN_MS, LOOK_MS))) return false;
    await rm(path);
    return lastId;
  }

  /** The copy is in the folder, too: nothing can be lost. */
  copyAndCut(): Promise<string | false> {
    return this.#turn(async () => {
      await this.#flush();
      await copyFile(this.#path, `${this.#path}.copy${this.#options.supply.number()}`);
      await truncate(this.#path);
      return this.#lastId || false;
    });
  }

  /** One after the other: it has one writer. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => undefined);
    return done;
  }

  async #write(count: number): Promise<void> {
    const { supply } = this.#options;
    const { text: events, lastId } = supply.lines(count);
    this.#lastId = lastId;
    const text = this.#held + events + supply.junkAfter(count);
    const end = text.length - supply.random.below(Math.min(text.length, 300) + 1);
    this.#held = text.slice(end);
    await this.#live.appendFile(text.slice(0, end));
  }

  async #flush(): Promise<void> {
    await this.#live.appendFile(this.#held);
    this.#held = '';
  }
}
