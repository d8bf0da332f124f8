import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { packagePath } from '../../src/package-root.js';
import { afterTest } from './after-test.js';

/** A process of a test, which answers each line with a line. */
export interface Worker {
  readonly child: ChildProcess;
  /** The next line that it says. */
  hear(): Promise<string>;
  ask(line: string): Promise<string>;
  /** Ends it with SIGKILL: what it has given to the system stays. */
  kill(): Promise<void>;
}

export interface WorkerOptions {
  /** No file that it writes gets larger: a write goes half through, then none does, as on a full disk. */
  readonly fileBytes?: number;
}

/** Starts `test/support/<name>.ts`, and waits until it has said `ready`. It is killed after the test at the latest. */
export async function startWorker(
  name: string,
  args: readonly string[] = [],
  { fileBytes }: WorkerOptions = {},
): Promise<Worker> {
  const command = [process.execPath, '--import', 'tsx', packagePath(`test/support/${name}.ts`), ...args];
  const limit = fileBytes === undefined ? '' : `ulimit -f ${fileBytes / 512};`;
  const child = spawn('sh', ['-c', `${limit} exec "$@"`, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: packagePath('.'),
    // A cache that cannot be written is of no use.
    env: { ...process.env, TSX_DISABLE_CACHE: fileBytes === undefined ? '' : '1' },
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hear = async (): Promise<string> => {
    const line = await lines.next();
    return line.done === true ? 'ended' : line.value;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  afterTest(kill);
  if ((await hear()) !== 'ready') throw new Error(`${name} did not start`);
  const ask = (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    return hear();
  };
  return { child, hear, ask, kill };
}
