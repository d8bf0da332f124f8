/** Decodes a stream made on the fly, `<format> <megabytes>`, and prints the events and the peak of resident memory in KiB. */
import { gzipSync } from 'node:zlib';
import { decode } from '../../../src/decode.js';
import { defaults } from './support.js';

const [format = 'lines', megabytes = '1'] = process.argv.slice(2);
const separators: Record<string, string> = { lines: '\n', gzip: '\n', array: ',\n', concatenated: '' };
const event = (i: number): string => JSON.stringify({ i, name: 'x'.repeat(900 + (i % 200)), log: { port: i % 65536 } });
const block = Array.from({ length: 1000 }, (_, i) => event(i) + separators[format]).join('');
const part = format === 'gzip' ? gzipSync(block) : Buffer.from(block);

async function* bytes(): AsyncGenerator<Buffer> {
  if (format === 'array') yield Buffer.from('[');
  // A fresh buffer each time, as a file gives: garbage must not be kept.
  for (let i = 0; i < Number(megabytes); i++) yield await Promise.resolve(Buffer.from(part));
  if (format === 'array') yield Buffer.from(']');
}

let events = 0;
let rejects = 0;
for await (const some of decode(bytes(), defaults)) {
  for (const { kind } of some) {
    if (kind === 'event') events++;
    else rejects++;
  }
}
process.stdout.write(JSON.stringify({ events, rejects, peakKib: process.resourceUsage().maxRSS }));
