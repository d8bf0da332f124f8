/** The naive loop: JSON.parse, an object by hand, JSON.stringify. No ids, no checks; a broken line ends it. */
import { Bulk, readJob } from './bulk.js';
import { toEcs, type VendorEvent } from './ecs-by-hand.js';
import { linesOf } from './lines.js';

const job = readJob();
const bulk = new Bulk(job);
await bulk.ready();
for await (const line of linesOf(job.folder)) {
  const full = bulk.add(JSON.stringify(toEcs(JSON.parse(line) as VendorEvent)));
  if (full !== undefined) await full;
}
await bulk.end();
