import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveConfig } from '../../../src/config/load.js';
import { tempDir } from '../../support/temp-dir.js';

describe('the file of a secret that all may read', () => {
  async function secretFile(mode: number): Promise<string> {
    const file = join(await tempDir(), 'secret');
    await writeFile(file, 'hunter2-hunter2');
    await chmod(file, mode);
    return file;
  }
  async function warnings(yaml: string, env: Record<string, string> = {}): Promise<readonly string[]> {
    const file = join(await tempDir(), 'c.yml');
    await writeFile(file, yaml);
    return resolveConfig({ file, env }).warnings;
  }

  for (const [setting, yaml] of [
    ['output.password_file', (file: string) => `output: {password_file: ${file}}`],
    ['dashboards.api_key_file', (file: string) => `dashboards: {api_key_file: ${file}}`],
    [
      'inputs.1.secret_access_key_file',
      (file: string) => `inputs: [{type: stdin}, {type: s3, secret_access_key_file: ${file}}]`,
    ],
  ] as const) {
    it(`is warned of: ${setting}, with the remedy and without the secret`, async () => {
      const file = await secretFile(0o644);
      const [warning, ...others] = await warnings(yaml(file));
      expect(others).to.deep.equal([]);
      expect(warning)
        .to.contain(`may read ${file}, the secret of ${setting}`)
        .and.contain(`chmod 600 '${file}'`)
        .and.not.contain('hunter2');
    });
  }

  it('is warned of when the environment names it', async () => {
    const file = await secretFile(0o604);
    const [warning] = await warnings('', { CLOUDCONNEXA_ECS_OUTPUT_API_KEY_FILE: file });
    expect(warning).to.contain('the secret of output.api_key_file');
  });

  it("is warned of when it holds the keystore's password", async () => {
    const file = await secretFile(0o644);
    const [warning] = await warnings('', { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE: file });
    expect(warning).to.contain('the secret of CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE');
  });

  it('is of no concern with mode 0600 or 0640', async () => {
    for (const mode of [0o600, 0o640]) {
      const file = await secretFile(mode);
      const env = { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE: file };
      expect(await warnings(`output: {password_file: ${file}}`, env)).to.deep.equal([]);
    }
  });
});
