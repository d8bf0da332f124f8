import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { readKeystore } from '../../../src/keystore/store.js';
import { tempDir } from '../../support/temp-dir.js';

describe('in the place of the keystore', () => {
  for (const [what, make] of [
    ['a folder', (path: string) => mkdirSync(path, { mode: 0o755 })],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ] as const)
    it(`${what} is refused as no file, and not waited for`, async () => {
      const path = join(await tempDir(), 'keystore');
      make(path);
      expect(() => readKeystore(path, undefined))
        .to.throw(ConnectorError, 'what is there is no file')
        .with.property('code', 'CCX_KEYSTORE_FILE');
    });
});
