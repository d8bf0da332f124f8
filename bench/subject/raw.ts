/** The raw loop: lines go to `_bulk` as they were read. Nothing is parsed, checked, mapped, or kept for another run. */
import { Bulk, readJob } from './bulk.js';
import { linesOf } from './lines.js';

const job = readJob();
const bulk = new Bulk(job);
await bulk.ready();
for await (const line of linesOf(job.folder)) {
  const full = bulk.add(line);
  if (full !== undefined) await full;
}
await bulk.end();
