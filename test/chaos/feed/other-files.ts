import { appendFile, mkdir, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileForms } from '../../support/event-files.js';
import { come } from '../come.js';
import { FINISHED_WITHIN_MS, LOOK_MS, type Finished } from './live-file.js';
import { writeSlowly } from './slowly.js';
import type { Supply } from './supply.js';

export interface OtherFilesOptions {
  /** The folder that is read. */
  readonly folder: string;
  readonly supply: Supply;
  readonly finished: Finished;
}

/** Files that come beside the growing one. `count` is a number of events. */
export class OtherFiles {
  readonly #options: OtherFilesOptions;

  constructor(options: OtherFilesOptions) {
    this.#options = options;
  }

  async slowGzip(count: number): Promise<true> {
    const { folder, supply } = this.#options;
    await writeSlowly(join(folder, `slow-${supply.number()}.gz`), gzipSync(supply.lines(count, 'file')));
    return true;
  }

  movedGzip(count: number): Promise<true> {
    const { supply } = this.#options;
    return this.#moveIn(`moved-${supply.number()}.gz`, gzipSync(supply.lines(count, 'file')));
  }

  otherForm(count: number): Promise<true> {
    const { supply } = this.#options;
    const [name, write] = supply.random.pick(Object.entries(fileForms));
    const texts = supply.take(count, 'file').map(({ text }) => text);
    return this.#moveIn(`${supply.number()}-${name}`, write(texts));
  }

  /**
   * What is cut without a copy is lost unless it was read: only what is finished is cut, and then written anew. In a file of its
   * own, as one that grows all the time is finished only by chance. False when it was not read to its end in time.
   */
  async cutWhenFinished(count: number): Promise<boolean> {
    const { folder, supply, finished } = this.#options;
    const path = join(folder, `cut-${supply.number()}.jsonl`);
    await writeFile(path, supply.lines(count, 'file'));
    const { size } = await stat(path);
    if (!(await come(() => finished(path, size), FINISHED_WITHIN_MS, LOOK_MS))) return false;
    await truncate(path);
    await appendFile(path, supply.lines(count, 'file'));
    return true;
  }

  /** As a whole, under its name at once. */
  async #moveIn(name: string, body: Buffer): Promise<true> {
    const staging = `${this.#options.folder}-staging`;
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, name), body);
    await rename(join(staging, name), join(this.#options.folder, name));
    return true;
  }
}
