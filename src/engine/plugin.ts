import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { ConnectorError } from '../errors.js';
import { openUp } from './unpack.js';

const run = promisify(execFile);

/**
 * Installs a plugin's zip into an unpacked OpenSearch with its own tool, which checks that the two fit.
 * @throws ConnectorError `CCX_ENGINE_UNPACK_FAILED`
 */
export async function addPlugin(home: string, zip: string, jdkHome: string): Promise<void> {
  const args = ['install', '--batch', '--silent', pathToFileURL(zip).href];
  const env = { PATH: process.env['PATH'], OPENSEARCH_JAVA_HOME: jdkHome };
  await run(join(home, 'bin', 'opensearch-plugin'), args, { cwd: home, env }).catch((cause: unknown) => {
    throw new ConnectorError('CCX_ENGINE_UNPACK_FAILED', 'The plugin could not be installed', { place: zip, cause });
  });
  await openUp(home);
}
