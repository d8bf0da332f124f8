import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from './compiled.js';

export interface Server<T> {
  readonly url: string;
  tally(): Promise<T>;
  stop(): Promise<void>;
}

/** Starts one of the bench's servers in a process of its own, which prints its port, answers `POST /_tally`, and ends with its stdin. */
export async function startServer<T>(path: string, args: readonly string[] = []): Promise<Server<T>> {
  const child = spawn(process.execPath, [await compiled(path), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${port.toString().trim()}`;
  return {
    url,
    tally: async () => (await (await fetch(`${url}/_tally`, { method: 'POST' })).json()) as T,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
