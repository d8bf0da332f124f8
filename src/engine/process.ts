import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EngineSpec } from './catalog.js';
import type { RunFolders } from './layout.js';
import { isRoot, unprivilegedId } from './place.js';

export interface LaunchOptions {
  readonly spec: EngineSpec;
  /** The unpacked engine. */
  readonly home: string;
  readonly jdkHome: string;
  readonly folders: RunFolders;
  readonly heapMiB: number;
  /** Let the JVM optimise fully: slower to start, faster over millions of documents. */
  readonly longRunning: boolean;
  /** Keep running when this process ends; else it is killed with it, even when this process is killed. */
  readonly outlivesParent: boolean;
}

/**
 * Waits beside the engine for the pipe on stdin to close. That happens whichever way the parent ends, kill -9 included:
 * the engine is then ended and its folders are removed. When the engine ended first there is nothing to do.
 */
const watcher = [
  "trap '' TERM; cat <&3 >/dev/null",
  'kill -0 $$ || exit',
  'kill -TERM 0; n=0; while kill -0 $$ && [ $((n += 1)) -lt 50 ]; do sleep 0.2; done',
  'rm -rf -- "$2"; kill -KILL 0',
].join('; ');
/** The engine takes the place of the shell, whose process id (`$$`) is the one the watcher knows. */
const unwatched = 'exec bash "$0" </dev/null >>"$1" 2>&1';
const watched = `exec 3<&0 </dev/null; (${watcher}) 2>/dev/null & exec 3<&-; ${unwatched}`;

/** The first compiler alone starts an engine with less than half the CPU time (11 s against 28 s for OpenSearch 3.8.0). */
function jvmFlags({ heapMiB, longRunning }: LaunchOptions): string {
  return `-Xms${heapMiB}m -Xmx${heapMiB}m${longRunning ? '' : ' -XX:TieredStopAtLevel=1'}`;
}

/** Only what an engine needs: settings of the caller's environment (`ES_JAVA_OPTS` …) would change what is tested. */
function environment(options: LaunchOptions): NodeJS.ProcessEnv {
  const { spec, jdkHome, folders } = options;
  const prefix = spec.kind === 'opensearch' ? 'OPENSEARCH' : 'ES';
  return {
    PATH: process.env['PATH'],
    [`${prefix}_JAVA_HOME`]: jdkHome,
    [`${prefix}_PATH_CONF`]: folders.config,
    [`${prefix}_TMPDIR`]: folders.temp,
    [`${prefix}_JAVA_OPTS`]: jvmFlags(options),
  };
}

/** Starts the engine's own script as the leader of a process group, and returns at once. */
export function launch(options: LaunchOptions): ChildProcess {
  const { spec, home, folders, outlivesParent } = options;
  const script = join(home, 'bin', spec.kind);
  const ids = isRoot() ? { uid: unprivilegedId, gid: unprivilegedId } : {};
  const child = spawn('bash', ['-c', outlivesParent ? unwatched : watched, script, folders.console, folders.root], {
    cwd: folders.root,
    env: environment(options),
    detached: true,
    stdio: [outlivesParent ? 'ignore' : 'pipe', 'ignore', 'ignore'],
    ...ids,
  });
  child.unref();
  return child;
}

export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Sends a signal to the process group that the child leads. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group ended in between: what was wanted.
  }
}

/** Ends the child's group: a signal, and SIGKILL when that did not do it in `graceMs`. Resolves when the leader is gone. */
export async function endGroup(child: ChildProcess, signal: NodeJS.Signals, graceMs = 30_000): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  const forced = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  signalGroup(child, signal);
  await gone;
  clearTimeout(forced);
}
