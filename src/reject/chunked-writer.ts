import type { FileHandle } from 'node:fs/promises';
import { appendLines } from './append.js';

const CHUNK_BYTES = 1024 * 1024;

/** Writes lines a megabyte at a time. */
export class ChunkedWriter {
  readonly #file: FileHandle;
  #lines: (Buffer | string)[] = [];
  #bytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async line(line: Buffer | string): Promise<void> {
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes > CHUNK_BYTES) await this.end();
  }

  async end(): Promise<void> {
    this.#bytes = 0;
    await appendLines(this.#file, this.#lines.splice(0));
  }
}
