import { access } from 'node:fs/promises';
import { MissingPrerequisite } from './prerequisite.js';

/** For a `before`: the device that stands in for a full disk. @throws MissingPrerequisite where there is none */
export async function needsDevFull(): Promise<void> {
  await access('/dev/full').catch(() => {
    throw new MissingPrerequisite('/dev/full is what a full disk is tried with. Run these tests on Linux');
  });
}
