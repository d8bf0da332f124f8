import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The lines of a folder's files, gzipped or not, as Node's documentation reads them. */
export async function* linesOf(folder: string): AsyncGenerator<string> {
  for await (const input of contentsOf(folder)) yield* createInterface({ input, crlfDelay: Infinity });
}

/** The same, split by hand: an array for each piece read. */
export async function* splitLinesOf(folder: string): AsyncGenerator<string[]> {
  for await (const content of contentsOf(folder)) {
    let rest = '';
    for await (const chunk of content.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
    if (rest !== '') yield [rest];
  }
}

async function* contentsOf(folder: string): AsyncGenerator<Readable> {
  for (const name of await readdir(folder)) {
    const bytes = createReadStream(join(folder, name));
    yield name.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  }
}
