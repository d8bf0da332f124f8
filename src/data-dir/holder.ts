import { randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from './disk.js';

/** The process that holds a data_dir, as its lock file names it. */
export interface Holder {
  /** Random: no other claim has it. */
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601 time at which it took the data_dir. */
  readonly since: string;
  /** Which boot of which kernel; null where there is no /proc. */
  readonly boot: string | null;
  /** Process ids of two containers mean nothing to each other. */
  readonly pidNamespace: string | null;
  /** When the process was started, in clock ticks since boot: a number used again for another process does not have it. */
  readonly started: string | null;
  /** It will give the data_dir back soon: it is worth waiting for. */
  readonly brief?: boolean;
}

/** `unknown`: not to be known from here; whether it moves must be watched. */
export type Verdict = 'lives' | 'gone' | 'unknown';

/** This process as a holder. */
export async function thisProcess(): Promise<Holder> {
  const { pid } = process;
  const [boot, pidNamespace, stat] = await Promise.all([bootId(), pidNamespaceId(), processStat(pid)]);
  return {
    token: randomBytes(16).toString('hex'),
    host: hostname(),
    pid,
    since: new Date().toISOString(),
    boot,
    pidNamespace,
    started: stat?.started ?? null,
  };
}

/** Whether the holder still lives, asked by the process `self`. */
export async function judge(holder: Holder, self: Holder): Promise<Verdict> {
  if (process.platform !== 'linux') return judgeByNumber(holder, self);
  if (!isSameProc(holder, self)) return 'unknown';
  const stat = await processStat(holder.pid);
  // Processes of other users may be hidden in /proc.
  if (stat === undefined) return isNumberTaken(holder.pid) ? 'unknown' : 'gone';
  return stat.started === holder.started && !stat.ended ? 'lives' : 'gone';
}

/** Whether both see the same processes under /proc. */
function isSameProc(one: Holder, other: Holder): boolean {
  const known = one.boot !== null && one.pidNamespace !== null && one.started !== null;
  return known && one.boot === other.boot && one.pidNamespace === other.pidNamespace;
}

/** Without /proc (macOS): a number that nobody has is proof, one that is taken may be another's by now. */
function judgeByNumber(holder: Holder, self: Holder): Verdict {
  return holder.host !== self.host || isNumberTaken(holder.pid) ? 'unknown' : 'gone';
}

function isNumberTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function bootId(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim(), nothing);
}

function pidNamespaceId(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(nothing);
}

function nothing(): null {
  return null;
}

/** From proc(5), /proc/PID/stat: field 3 is the state, 22 the start time; field 2, a name in brackets, may hold anything. */
async function processStat(pid: number): Promise<{ started: string; ended: boolean } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const started = fields[19];
  // A zombie only waits to be counted by its parent.
  return started === undefined ? undefined : { started, ended: state === 'Z' || state === 'X' };
}
