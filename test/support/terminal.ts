import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { packagePath } from '../../src/package-root.js';
import { answerOf } from './answer-of.js';
import { MissingPrerequisite } from './prerequisite.js';

export interface Shown {
  readonly screen: string;
  readonly code: number;
  /** The arguments of all processes of the machine, as they were each time before something was typed. */
  readonly listed: string;
}

/**
 * Runs the command line on a pseudo terminal and types each second text after the first was shown.
 * @throws MissingPrerequisite without Python 3
 */
export async function onTerminal(
  args: readonly string[],
  steps: readonly (readonly [shown: string, typed: string])[],
  env: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CLOUDCONNEXA_ECS_'));
  const program = fileURLToPath(new URL('terminal.py', import.meta.url));
  const child = spawn('python3', [program], { env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env } });
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new MissingPrerequisite('A pseudo terminal needs Python 3. Install python3.', { cause });
  });
  const argv = [process.execPath, '--import', 'tsx', packagePath('src/cli.ts'), ...args];
  return (await answerOf(child, { argv, steps })) as Shown;
}
