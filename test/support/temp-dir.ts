import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterTest } from './after-test.js';

/** A new folder that is removed after the test that asked for it. For use inside a test or a `beforeEach`. */
export async function tempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-test-'));
  afterTest(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
