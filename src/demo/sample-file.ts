import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sampleEvents, type SampleOptions } from '../sample/events.js';

const LINES_AT_ONCE = 500;

/** Writes sample events as CloudConnexa delivers them, gzipped JSON, one a line. @returns the file's path */
export async function writeSampleFile(folder: string, options: SampleOptions): Promise<string> {
  const file = join(folder, 'events.jsonl.gz');
  await pipeline(Readable.from(blocks(options)), createGzip(), createWriteStream(file));
  return file;
}

function* blocks(options: SampleOptions): Generator<string> {
  let lines: string[] = [];
  for (const event of sampleEvents(options)) {
    if (lines.push(event) < LINES_AT_ONCE) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  yield lines.map((line) => `${line}\n`).join('');
}
