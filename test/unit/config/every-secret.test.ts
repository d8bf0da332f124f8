import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveConfig, type ConfigRequest, type Resolution } from '../../../src/config/load.js';
import { Secrets } from '../../../src/config/secrets.js';
import { environmentName, inputList, settingList } from '../../../src/config/settings.js';
import { tempDir } from '../../support/temp-dir.js';

const VALUE = 'hunter2hunter2';

/** Each secret setting of the one list, with the file that it could be added to. */
const places: readonly (readonly [path: string, file: string])[] = [
  ...[...settingList].filter(([, setting]) => setting.secret).map(([path]) => [path, ''] as const),
  ...[...inputList].flatMap(([type, entries]) =>
    [...entries]
      .filter(([, setting]) => setting.secret)
      .map(([name]) => [`inputs.0.${name}`, `inputs: [{type: ${type}}]`] as const),
  ),
];

describe('every secret', () => {
  let file: string;
  beforeEach(async () => {
    file = join(await tempDir(), 'c.yml');
  });

  async function resolve(text: string, request: Partial<ConfigRequest>): Promise<Resolution & { secrets: Secrets }> {
    await writeFile(file, text);
    const secrets = new Secrets();
    return { ...resolveConfig({ file, env: {}, secrets, ...request }), secrets };
  }
  // A secret alone may be a fault: where it came from, and that it is known as a secret, says that it was read.
  const expectRead = ({ originOf, secrets }: Resolution & { secrets: Secrets }, path: string, origin: string): void => {
    expect(originOf(path)).to.equal(origin);
    expect(secrets.redact(VALUE)).to.equal('***');
  };

  for (const [path, text] of places) {
    const kind = text === '' ? '' : ` of ${text}`;
    const variable = environmentName(path);
    it(`is read from the environment: ${path}${kind}`, async () => {
      const found = await resolve(text, { env: { [variable]: VALUE } });
      expectRead(found, path, `environment variable ${variable}`);
    });
    it(`is read from a file: ${path}${kind}`, async () => {
      await writeFile(`${file}.secret`, `${VALUE}\n`);
      const inEnvironment = await resolve(text, { env: { [`${variable}_FILE`]: `${file}.secret` } });
      expectRead(inEnvironment, path, `${path}_file, environment variable ${variable}_FILE`);
      const inArguments = await resolve(text, { set: [`${path}_file=${file}.secret`] });
      expectRead(inArguments, path, `${path}_file, --set`);
    });
    it(`is refused as an argument: ${path}${kind}`, async () => {
      const { faults } = await resolve(text, { set: [`${path}=${VALUE}`] });
      expect(faults.find((fault) => fault.path === path)?.message).to.contain('arguments are visible');
      expect(JSON.stringify(faults)).not.to.contain(VALUE);
    });
  }
});
