import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { come } from './come.js';

/** How to start the process that is kept running. */
export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A life that ended by itself. */
export interface Death {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The code of the error that it ended with; how it ended, when it did not end with one. */
  readonly reason: string;
}

/** Resident memory of a process at one time, in MiB. */
export interface Memory {
  readonly rssMiB: number;
  /** The most it ever was in this life. */
  readonly peakMiB: number;
}

/** As a service manager does: not at once, but soon. */
const RESTART_MS = 300;
const TOLD_CHARS = 20_000;
/** The error that a process ends with: the last it says, further lines indented. */
const LAST_WORDS = /^error (CCX_[A-Z_]+): .*\n(?: {2}.*\n)*$(?![^])/m;
const END_WITHIN_MS = 30_000;

/** Keeps a process running, as a service manager does, and ends it when told to. */
export class Keeper {
  /** How often it was started. */
  lives = 0;
  /** When the life of now began, in milliseconds since 1970. */
  bornMs = 0;
  /** Lives that ended by themselves. */
  readonly deaths: Death[] = [];
  /** Put before the command, to start it with the shell's limits. */
  limits = '';
  readonly #command: Command;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #told = (): string => '';
  #exit: Promise<Exit> = Promise.resolve({ code: null, signal: null });
  #isKept = false;
  readonly #listeners = new Set<(text: string) => void>();
  /** Ends the one that runs beside it. */
  #endBeside = (): Promise<unknown> => Promise.resolve();

  constructor(command: Command, logFile: string) {
    this.#command = command;
    this.#log = createWriteStream(logFile, { flags: 'a' });
  }

  /** Starts the process, and again whenever it has ended. */
  start(): void {
    this.#isKept = true;
    this.#begin();
  }

  /** @returns gives the end of what was said from now on, in whichever lives. */
  listen(): () => string {
    let said = '';
    const listener = (text: string): void => void (said = (said + text).slice(-TOLD_CHARS));
    this.#listeners.add(listener);
    return () => said;
  }

  /** Sends a signal and waits for the end, for so long; the next life begins then, unless it is no longer kept. */
  async end(signal: NodeJS.Signals, withinMs = END_WITHIN_MS): Promise<Exit> {
    // It has ended by itself, or another fault ends it: the next life is meant.
    await come(() => this.#child !== undefined || !this.#isKept, END_WITHIN_MS);
    const [child, exit] = [this.#child, this.#exit];
    if (child === undefined) return exit;
    this.#child = undefined;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), withinMs);
    const ended = await exit;
    clearTimeout(late);
    await this.#endBeside();
    if (this.#isKept) this.#begin();
    return ended;
  }

  /** Ends it for good. */
  async stop(signal: NodeJS.Signals): Promise<Exit> {
    this.#isKept = false;
    return this.end(signal);
  }

  /** Runs it with other arguments to its end. Only while it is not kept. */
  async once(args: readonly string[]): Promise<Exit & { readonly stdout: string }> {
    const { child, exit } = this.#spawn([...this.#command.args.slice(0, -1), ...args]);
    const stdout = textOf(child.stdout);
    return { ...(await exit), stdout: stdout() };
  }

  /**
   * Runs a second one beside the first, for so long at most, and not longer than the first: it would take its place, and keep
   * the next life out. Undefined when there is no first just now.
   */
  async beside(ms: number): Promise<(Exit & { readonly stderr: string }) | undefined> {
    if (this.#child === undefined) return undefined;
    const { child, exit } = this.#spawn(this.#command.args);
    const stderr = textOf(child.stderr);
    child.stdout?.resume();
    this.#endBeside = () => {
      child.kill('SIGKILL');
      return exit;
    };
    const late = setTimeout(() => child.kill('SIGKILL'), ms);
    const ended = await exit;
    clearTimeout(late);
    return { ...ended, stderr: stderr() };
  }

  /** The end of what the life of now has said. */
  get told(): string {
    return this.#told();
  }

  /** Undefined when it does not run just now. */
  async memory(): Promise<Memory | undefined> {
    const status = await readFile(`/proc/${this.#child?.pid ?? 0}/status`, 'utf8').catch(() => '');
    const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    const [rssMiB, peakMiB] = [value('VmRSS'), value('VmHWM')];
    return Number.isNaN(rssMiB) ? undefined : { rssMiB, peakMiB };
  }

  close(): void {
    this.#log.end();
  }

  #begin(): void {
    this.lives += 1;
    this.bornMs = Date.now();
    const { child, exit, told } = this.#spawn(this.#command.args);
    child.stdout?.resume();
    this.#child = child;
    this.#exit = exit;
    this.#told = told;
    void exit.then(async ({ code, signal }) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      const error = code === null ? undefined : LAST_WORDS.exec(told())?.[1];
      this.deaths.push({ atMs: Date.now(), reason: error ?? `exit ${code ?? signal}` });
      await sleep(RESTART_MS);
      await this.#endBeside();
      if (this.#isKept && this.#child === undefined) this.#begin();
    });
  }

  #spawn(args: readonly string[]): { child: ChildProcess; exit: Promise<Exit>; told: () => string } {
    const { cwd, env } = this.#command;
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CLOUDCONNEXA_ECS_'));
    const [file, ...rest] =
      this.limits === ''
        ? [process.execPath, ...args]
        : ['sh', '-c', `${this.limits}; exec "$@"`, 'sh', process.execPath, ...args];
    const child = spawn(file ?? '', rest, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    this.#log.write(`${JSON.stringify({ started: new Date(), pid: child.pid, args: args.slice(-2) })}\n`);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log.write(text);
      told = (told + text).slice(-TOLD_CHARS);
      for (const listener of this.#listeners) listener(text);
    });
    const exit = new Promise<Exit>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#log.write(`${JSON.stringify({ ended: new Date(), pid: child.pid, code, signal })}\n`);
        resolve({ code, signal });
      });
    });
    return { child, exit, told: () => told };
  }
}

/** What a stream has said so far. */
function textOf(stream: Readable | null): () => string {
  let said = '';
  stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return () => said;
}
