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

/** Files that come beside the growing one. `count` is a number of events; what is returned is the id of the last one. */
export class OtherFiles {
  readonly #options: OtherFilesOptions;

  constructor(options: OtherFilesOptions) {
    this.#options = options;
  }

  async slowGzip(count: number): Promise<string> {
    const { folder, supply } = this.#options;
    const { text, lastId } = supply.lines(count);
    await writeSlowly(join(folder, `slow-${supply.number()}.gz`), gzipSync(text));
    return lastId;
  }

  async movedGzip(count: number): Promise<string> {
    const { supply } = this.#options;
    const { text, lastId } = supply.lines(count);
    await this.#moveIn(`moved-${supply.number()}.gz`, gzipSync(text));
    return lastId;
  }

  async otherForm(count: number): Promise<string> {
    const { supply } = this.#options;
    const [name, write] = supply.random.pick(Object.entries(fileForms));
    const events = supply.take(count);
    await this.#moveIn(`${supply.number()}-${name}`, write(events.map(({ text }) => text)));
    return events.at(-1)?.id ?? '';
  }

  /**
   * What is cut without a copy is lost unless it was read: only what is finished is cut, and then written anew. In a file of its
   * own, as one that grows all the time is finished only by chance. False when it was not read to its end in time.
   */
  async cutWhenFinished(count: number): Promise<string | false> {
    const { folder, supply, finished } = this.#options;
    const path = join(folder, `cut-${supply.number()}.jsonl`);
    await writeFile(path, supply.lines(count).text);
    const { size } = await stat(path);
    if (!(await come(() => finished(path, size), FINISHED_WITHIN_MS, LOOK_MS))) return false;
    await truncate(path);
    const { text, lastId } = supply.lines(count);
    await appendFile(path, text);
    return lastId;
  }

  /** As a whole, under its name at once. */
  async #moveIn(name: string, body: Buffer): Promise<void> {
    const staging = `${this.#options.folder}-staging`;
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, name), body);
    await rename(join(staging, name), join(this.#options.folder, name));
  }
}
