/** A process that takes records out of a reject store without a pause, as `reject drop` does, until it is killed. */
import { openRejectStore } from '../../src/reject.js';

const [dataDir = ''] = process.argv.slice(2);
const store = await openRejectStore(dataDir);
process.stdout.write('ready\n');
for (let n = 0; ; n++) await store.remove([`nobody's ${n}`]);
