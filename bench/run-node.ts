import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { compiled } from './compiled.js';
import type { Usage } from './usage.js';

/** Runs a program in a process of its own. @throws when it ends with anything but 0. */
export async function runNode(args: readonly string[], cwd: string): Promise<Usage> {
  const preload = pathToFileURL(await compiled('usage.ts')).href;
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [stderr, usage, [code]] = await Promise.all([
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(usage) as Usage;
}
