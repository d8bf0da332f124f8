import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError } from '../errors.js';

/** The first lines of what went wrong, without Maven's prefixes and without credentials of a mirror's URL. */
export function mavenFault(output: string): string {
  const errors = output.split('\n').filter((line) => line.startsWith('[ERROR]'));
  const first = (errors.length > 0 ? errors : output.trim().split('\n')).slice(0, 3);
  const text = first.map((line) => line.replace('[ERROR]', '').trim()).join(' ');
  return text.replace(/:\/\/[^/@\s]*@/g, '://').slice(0, 600);
}

function mavenCommand(env: NodeJS.ProcessEnv): string {
  const home = env['MAVEN_HOME'] ?? env['M2_HOME'];
  return home === undefined ? 'mvn' : join(home, 'bin', 'mvn');
}

function noMaven(command: string, cause: unknown): ConnectorError {
  const details = { cause, ...(command === 'mvn' ? {} : { place: command }) };
  return new ConnectorError('CCX_ENGINE_NO_MAVEN', 'Maven is needed to fetch an engine and was not found', details);
}

/** Runs Maven in `folder`, so that no `pom.xml` of the caller's folder takes part. */
function maven(args: readonly string[], folder: string, env: NodeJS.ProcessEnv, coordinates: string): Promise<void> {
  const command = mavenCommand(env);
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (!error) return resolve();
      if (error.code === 'ENOENT' || error.code === 'EACCES') return reject(noMaven(command, error));
      const message = `Maven could not fetch the engine: ${mavenFault(stdout + stderr)}`;
      reject(new ConnectorError('CCX_ENGINE_FETCH_FAILED', message, { place: coordinates }));
    });
  });
}

/**
 * Fetches an artifact from Maven Central, or from the mirror that the user's Maven settings name, into `folder`.
 * @param coordinates `group:artifact:version:packaging`
 * @returns the path of the file
 * @throws ConnectorError `CCX_ENGINE_NO_MAVEN`, `CCX_ENGINE_FETCH_FAILED`
 */
export async function fetchArtifact(
  coordinates: string,
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const args = ['-q', '-B', 'dependency:copy', `-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`];
  await maven(args, folder, env, coordinates);
  const file = (await readdir(folder)).find((name) => name.endsWith('.zip'));
  if (file !== undefined) return join(folder, file);
  throw new ConnectorError('CCX_ENGINE_FETCH_FAILED', 'Maven ended without an error but brought no file', {
    place: coordinates,
  });
}
