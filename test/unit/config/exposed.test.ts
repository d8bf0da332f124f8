import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { resolveConfig } from '../../../src/config/load.js';
import { inputList, settingList } from '../../../src/config/settings.js';
import { tempDir } from '../../support/temp-dir.js';

const secrets: readonly string[] = [...settingList].filter(([, setting]) => setting.secret).map(([path]) => path);
const inputSecrets = [...inputList].flatMap(([type, entries]) =>
  [...entries].filter(([, setting]) => setting.secret).map(([name]) => [type, name] as const),
);

describe('secrets in a configuration file that all may read', () => {
  async function warnings(text: string, mode = 0o644): Promise<readonly string[]> {
    const file = join(await tempDir(), 'c.yml');
    await writeFile(file, text);
    await chmod(file, mode);
    return resolveConfig({ file, env: { PW: 'x' } }).warnings.map((warning) => warning.replaceAll(file, 'c.yml'));
  }
  const nested = (path: string, value: string): string =>
    stringify(path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value));

  for (const path of secrets) {
    it(`are warned of: ${path}, with the remedy and without the value`, async () => {
      const [warning, ...others] = await warnings(nested(path, 'hunter2'));
      expect(others).to.deep.equal([]);
      expect(warning)
        .to.match(new RegExp(`c\\.yml, where ${path} is in the clear`))
        .and.contain("chmod 600 'c.yml'")
        .and.contain(`${path}_file`)
        .and.contain('keystore')
        .and.not.contain('hunter2');
    });
    it(`may be named there: ${path}`, async () => {
      expect(await warnings(nested(path, '${PW}'))).to.deep.equal([]);
      expect(await warnings(nested(`${path}_file`, '/run/secrets/it'))).to.deep.equal([]);
    });
  }

  for (const [type, name] of inputSecrets) {
    it(`are warned of: ${name} of an input of type ${type}`, async () => {
      const [warning] = await warnings(`inputs: [{type: stdin}, {type: ${type}, ${name}: hunter2}]`);
      expect(warning).to.contain(`inputs.1.${name} is in the clear`);
    });
  }

  for (const [what, value] of [
    ['as a default', '${PW:hunter2}'],
    ['beside a variable', '${PW}hunter2'],
  ] as const) {
    it(`are warned of ${what}`, async () => {
      expect(await warnings(nested('output.password', value))).to.have.length(1);
    });
  }

  it('are warned of as a number', async () => {
    expect(await warnings('output: {password: 123456}')).to.have.length(1);
  });

  it('are named together', async () => {
    const [warning] = await warnings('output: {password: a, api_key: b}');
    expect(warning).to.contain('output.api_key, output.password are in the clear');
  });

  it('are of no concern with mode 0600 or 0640', async () => {
    expect(await warnings('output: {password: a}', 0o600)).to.deep.equal([]);
    expect(await warnings('output: {password: a}', 0o640)).to.deep.equal([]);
  });
});
