import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { mavenFault } from '../../src/engine/fetch.js';
import { findJdk } from '../../src/engine/jdk.js';
import { engineCacheDir, exists } from '../../src/engine/place.js';
import { answerOf } from './answer-of.js';
import { MissingPrerequisite } from './prerequisite.js';

const run = promisify(execFile);

/** Newest of Maven Central's; it names none of what it needs, so that is listed here: the server of the same version and more. */
const COMMON_UTILS = '3.5.0';
const LIBRARIES = [
  `org.opensearch:common-utils:${COMMON_UTILS}.0`,
  `org.opensearch:opensearch:${COMMON_UTILS}`,
  'org.jetbrains.kotlin:kotlin-stdlib:2.2.0',
  'com.cronutils:cron-utils:9.1.6',
];

/**
 * Runs a Java program of one file with OpenSearch's own model of monitors on its class path.
 * @returns what it writes as JSON, given `input` as JSON
 * @throws MissingPrerequisite without Maven or the libraries; ConnectorError CCX_ENGINE_NO_JDK without JDK 21 or later
 */
export async function runJava(program: string, input: object): Promise<unknown> {
  const { home } = await findJdk({ minJava: 21 });
  const classPath = join(await libraries(), '*');
  return answerOf(spawn(join(home, 'bin', 'java'), ['-cp', classPath, program], { stdio: 'pipe' }), input);
}

async function libraries(): Promise<string> {
  const cache = dirname(await engineCacheDir());
  const home = join(cache, `opensearch-common-utils-${COMMON_UTILS}`);
  if (!(await exists(home))) await fetch(cache, home);
  return home;
}

async function fetch(cache: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const workshop = await mkdtemp(join(cache, '.new-'));
  try {
    await writeFile(join(workshop, 'pom.xml'), pom());
    const libs = join(workshop, 'libs');
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`], { cwd: workshop });
    // Another process may have been faster: its folder is as good.
    await rename(libs, home).catch(() => undefined);
  } catch (cause) {
    const { stdout = '', message } = cause as { stdout?: string; message: string };
    const remedy = 'Install Maven and a way to Maven Central.';
    throw new MissingPrerequisite(`OpenSearch's parser cannot be had: ${mavenFault(stdout || message)} ${remedy}`, {
      cause,
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function pom(): string {
  const element = (name: string, value: string): string => `<${name}>${value}</${name}>`;
  const dependencies = LIBRARIES.map((coordinates) => {
    const [group = '', artifact = '', version = ''] = coordinates.split(':');
    const parts = element('groupId', group) + element('artifactId', artifact) + element('version', version);
    return element('dependency', parts);
  });
  const self = element('groupId', 'none') + element('artifactId', 'libraries') + element('version', '1');
  const inside = element('modelVersion', '4.0.0') + self + element('dependencies', dependencies.join(''));
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">${inside}</project>`;
}
