import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { ChunkedWriter } from './chunked-writer.js';
import { split } from './scan.js';

/** The file of damaged lines. It has each line once: a crash before the store was replaced leaves a line in both files. */
export class Aside {
  readonly #path: string;
  #file: FileHandle | undefined;
  #writer: ChunkedWriter | undefined;
  readonly #known = new Set<string>();

  constructor(path: string) {
    this.#path = path;
  }

  async add(line: Buffer): Promise<void> {
    const writer = (this.#writer ??= await this.#open());
    const digest = digestOf(line);
    if (this.#known.has(digest)) return;
    this.#known.add(digest);
    await writer.line(line);
  }

  /** What was added is on disk. */
  async end(): Promise<void> {
    await this.#writer?.end();
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<ChunkedWriter> {
    this.#file = await open(this.#path, 'a+', 0o600);
    const { size } = await this.#file.stat();
    for await (const line of split(this.#file, { to: size })) this.#known.add(digestOf(line));
    return new ChunkedWriter(this.#file);
  }
}

function digestOf(line: Buffer): string {
  return createHash('sha256').update(line).digest('base64');
}
