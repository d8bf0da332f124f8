/** The raw loop by someone who has measured: files are read without `readline`, and split into lines a piece at a time. */
import { Bulk, readJob } from './bulk.js';
import { splitLinesOf } from './lines.js';

const job = readJob();
const bulk = new Bulk(job);
await bulk.ready();
for await (const lines of splitLinesOf(job.folder)) {
  for (const line of lines) {
    const full = bulk.add(line);
    if (full !== undefined) await full;
  }
}
await bulk.end();
