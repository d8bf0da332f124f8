/**
 * A process that takes a data_dir when told to. On stdin one command a line: `lock <data_dir>`, `brief <data_dir>`, `release`; on stdout one line
 * each: `held`, `released`, or the code of what went wrong.
 */
import { createInterface } from 'node:readline';
import { lockDataDir, type DataDirLock } from '../../src/data-dir/lock.js';
import { ConnectorError } from '../../src/errors.js';

const log = { info: () => undefined, warn: () => undefined };
const { signal } = new AbortController();
let lock: DataDirLock | undefined;

async function obey(line: string): Promise<string> {
  const [command, dataDir = ''] = line.split(' ');
  if (command === 'release') {
    await lock?.release();
    return 'released';
  }
  const onLost = ({ code }: ConnectorError): void => void process.stdout.write(`${code}\n`);
  lock = await lockDataDir(dataDir, { log, signal, onLost, heartbeatMs: 50, brief: command === 'brief' });
  return 'held';
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(line).catch((error: unknown) =>
    error instanceof ConnectorError ? error.code : String(error),
  );
  process.stdout.write(`${answer}\n`);
}
