import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packagePath } from '../../src/package-root.js';
import { afterTest } from './after-test.js';

export interface Ended {
  /** Null when a signal ended it before it could say anything. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCli {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written on stderr so far. */
  stderr(): string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Nothing of this process's environment may set up the connector under test. */
function environment(own: CliOptions['env'] = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CLOUDCONNEXA_ECS_'));
  return { ...Object.fromEntries(inherited), ...own };
}

/** Starts the built command line, `dist/cli.js`, as a user does. A test that fails leaves none behind: whatever runs after it is killed. */
export function startCli(args: readonly string[], { cwd, input, env }: CliOptions): StartedCli {
  const child = spawn(process.execPath, [packagePath('dist/cli.js'), ...args], { cwd, env: environment(env) });
  const told = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told.stderr += text));
  // A child that ended early closes the pipe: that it did is what the test looks at.
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...told }));
  });
  afterTest(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  });
  return { child, ended, stderr: () => told.stderr };
}

/** Runs the built command line to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** One line of the log on stderr. */
export interface LogRecord {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The log lines in what was written on stderr; text for people is passed over. */
export function logRecords(stderr: string): LogRecord[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogRecord);
}

/** The last line of the log that has the message. */
export function lastRecord(stderr: string, message: string): LogRecord {
  const found = logRecords(stderr).findLast((line) => line.message === message);
  if (found === undefined) throw new Error(`no line says '${message}':\n${stderr}`);
  return found;
}

/** Writes `cloudconnexa-ecs.yml` into `folder`, where the command line finds it by itself. */
export async function writeConfig(folder: string, config: object): Promise<void> {
  await writeFile(join(folder, 'cloudconnexa-ecs.yml'), stringify(config), { mode: 0o600 });
}
