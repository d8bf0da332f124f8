/**
 * A process that writes to a data_dir as a run does, without end: records, removals, positions, and now and then the store anew.
 * On stdout `kept <n>` and `dropped <n>` once that is durable; at a failure its code, and it ends.
 */
import { openCheckpoint } from '../../src/checkpoint.js';
import { lockDataDir } from '../../src/data-dir/lock.js';
import { ConnectorError } from '../../src/errors.js';
import { openRejectStore } from '../../src/reject.js';
import { keep, rejectOf } from './reject-records.js';

const [dataDir = '', first = '0'] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const log = { info: () => undefined, warn: () => undefined };

async function work(): Promise<never> {
  await lockDataDir(dataDir, { log, signal: new AbortController().signal });
  const checkpoint = await openCheckpoint(dataDir, { logger: log });
  const store = await openRejectStore(dataDir);
  await store.tidy();
  for (let n = Number(first); ; n++) {
    await keep(store, rejectOf(`${n} ${'x'.repeat(2000)}`, n));
    checkpoint.set('a', { position: { offset: n, arrayDepth: 0 }, done: false });
    await checkpoint.flush();
    say(`kept ${n}`);
    if (n % 3 === 0) {
      say(`dropping ${n}`);
      await store.remove([rejectOf(`${n} ${'x'.repeat(2000)}`, n).id]);
    }
    if (n % 2 === 0) await store.compact();
  }
}

say('ready');
await work().catch((error: unknown) => say(error instanceof ConnectorError ? error.code : String(error)));
process.exit(1);
