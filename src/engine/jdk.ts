import { execFile } from 'node:child_process';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ConnectorError } from '../errors.js';
import { exists, isRoot, openToOthers } from './place.js';

const run = promisify(execFile);

export interface Jdk {
  /** The JDK's folder, the value of `JAVA_HOME`. */
  readonly home: string;
  /** Feature release: 17, 21, 25. */
  readonly major: number;
}

export interface JavaRange {
  readonly minJava: number;
  readonly maxJava?: number;
}

/** Folders that hold one JDK each, by the habits of Linux distributions, macOS, Homebrew and SDKMAN. */
const jdkFolders = [
  '/usr/lib/jvm',
  '/usr/java',
  '/opt/java',
  '/Library/Java/JavaVirtualMachines',
  '/opt/homebrew/opt',
  join(homedir(), 'Library/Java/JavaVirtualMachines'),
  join(homedir(), '.sdkman/candidates/java'),
];

/** `17.0.15` -> 17; `1.8.0_402` -> 8. */
export function javaMajor(version: string): number | undefined {
  const major = /^(?:1\.)?(\d+)/.exec(version)?.[1];
  return major === undefined ? undefined : Number(major);
}

async function versionOf(home: string): Promise<string | undefined> {
  const release = await readFile(join(home, 'release'), 'utf8').catch(() => '');
  const listed = /^JAVA_VERSION="?([^"\n]+)/m.exec(release)?.[1];
  if (listed !== undefined) return listed;
  const answer = await run(join(home, 'bin', 'java'), ['-version']).catch(() => undefined);
  return /version "([^"]+)"/.exec(answer?.stderr ?? '')?.[1];
}

/** What lies in a folder, when it is a whole JDK (`jar` and `keytool` come with it) that the engine's uid can reach. */
export async function inspectJdk(home: string): Promise<Jdk | undefined> {
  for (const tool of ['java', 'jar', 'keytool']) if (!(await exists(join(home, 'bin', tool)))) return undefined;
  if (isRoot() && !(await openToOthers(home))) return undefined;
  const major = javaMajor((await versionOf(home)) ?? '');
  return major === undefined ? undefined : { home, major };
}

async function homesOnPath(env: NodeJS.ProcessEnv): Promise<string[]> {
  const javas = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'java'));
  const real = await Promise.all(javas.map((java) => realpath(java).catch(() => undefined)));
  return real.filter((java) => java !== undefined).map((java) => dirname(dirname(java)));
}

async function homesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const inside = ['', 'Contents/Home', 'libexec/openjdk.jdk/Contents/Home'];
  return names.sort().flatMap((name) => inside.map((part) => join(folder, name, part)));
}

async function candidates(env: NodeJS.ProcessEnv, folders: readonly string[]): Promise<string[]> {
  const numbered = Object.keys(env).filter((name) => /^JAVA.*_HOME/.test(name) && name !== 'JAVA_HOME');
  const named = ['JAVA_HOME', ...numbered.sort()].map((name) => env[name]).filter((home) => home !== undefined);
  const installed = await Promise.all(folders.map(homesIn));
  return [...new Set([...named, ...(await homesOnPath(env)), ...installed.flat()])];
}

function describeRange({ minJava, maxJava }: JavaRange): string {
  return maxJava === undefined ? `JDK ${minJava} or later` : `JDK ${minJava} to ${maxJava}`;
}

/**
 * The first fitting JDK of `JAVA_HOME`, other `JAVA…_HOME` variables (`JAVA_HOME_21_X64`), `PATH`, and the usual folders:
 * the `java` on the PATH is often too old while a newer JDK lies beside it.
 * @throws ConnectorError `CCX_ENGINE_NO_JDK`, naming the releases that were found
 */
export async function findJdk(
  range: JavaRange,
  env: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = jdkFolders,
): Promise<Jdk> {
  const unfit = new Set<number>();
  for (const home of await candidates(env, folders)) {
    const jdk = await inspectJdk(home);
    if (jdk && jdk.major >= range.minJava && jdk.major <= (range.maxJava ?? Infinity)) return jdk;
    if (jdk) unfit.add(jdk.major);
  }
  const found = unfit.size > 0 ? `found only ${[...unfit].join(', ')}` : 'found none';
  const message = `This engine needs a ${describeRange(range)}; ${found}`;
  throw new ConnectorError('CCX_ENGINE_NO_JDK', message, {
    remedy: `Install a ${describeRange(range)} (with jar and keytool) or point JAVA_HOME at one.`,
  });
}
