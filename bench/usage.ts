/**
 * Loaded before a measured program (`--import`): writes to file descriptor 3, when the process ends, what it used from the
 * moment when it was ready to work; all its threads together. Ready is a program that says so on the channel `bench:ready`, or
 * else the last request before its first bulk request: the connector has asked the cluster by then, and its modules are loaded.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

export interface Usage {
  /** From readiness to the end. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Until readiness. */
  readonly startCpuSeconds: number;
  readonly peakMiB: number;
}

const USAGE_FD = 3;
let ready = now();
let isWorking = false;

function now(): { cpuSeconds: number; wallSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: performance.now() / 1000 };
}

/** Not from getrusage: there a child begins with the peak of its parent. */
function peakMiB(): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

if (isMainThread) {
  subscribe('bench:ready', () => (ready = now()));
  subscribe('undici:request:create', (message) => {
    const { path } = (message as { request: { path: string } }).request;
    isWorking ||= path.startsWith('/_bulk');
    if (!isWorking) ready = now();
  });
  process.on('exit', () => {
    const end = now();
    const usage: Usage = {
      cpuSeconds: end.cpuSeconds - ready.cpuSeconds,
      wallSeconds: end.wallSeconds - ready.wallSeconds,
      startCpuSeconds: ready.cpuSeconds,
      peakMiB: peakMiB(),
    };
    writeSync(USAGE_FD, JSON.stringify(usage));
  });
}
