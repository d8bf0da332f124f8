import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new folder that is removed after the test that asked for it. For use inside a test or a `beforeEach`. */
export async function tempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-test-'));
  made.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});
