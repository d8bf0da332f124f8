import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Gives a program its input as JSON on stdin, and takes what it writes to stdout as JSON. */
export async function answerOf(child: ChildProcess, input: unknown): Promise<unknown> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the program needs pipes');
  const exit = once(child, 'exit') as Promise<[number | null]>;
  stdin.end(JSON.stringify(input));
  const [said, complained, [code]] = await Promise.all([text(stdout), text(stderr), exit]);
  if (code !== 0) throw new Error(`the program ended with ${String(code)}:\n${complained.slice(-4000)}`);
  return JSON.parse(said) as unknown;
}
