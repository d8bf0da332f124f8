import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveConfig, type ConfigRequest, type Resolution } from '../../../src/config/load.js';
import { Secrets } from '../../../src/config/secrets.js';
import { ConnectorError } from '../../../src/errors.js';
import { sealKeystore } from '../../../src/keystore/format.js';
import { tempDir } from '../../support/temp-dir.js';

describe('a keystore in the configuration', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await tempDir();
    file = join(folder, 'c.yml');
  });

  async function keep(values: Record<string, string>, path = join(folder, 'cloudconnexa-ecs.keystore'), password = '') {
    await writeFile(path, sealKeystore(new Map(Object.entries(values)), password), { mode: 0o600 });
    return path;
  }

  async function resolve(
    text: string,
    request: Partial<ConfigRequest> = {},
  ): Promise<Resolution & { secrets: Secrets }> {
    await writeFile(file, text, { mode: 0o600 });
    const secrets = new Secrets();
    return { ...resolveConfig({ file, env: {}, secrets, ...request }), secrets };
  }

  async function refusal(text: string, request: Partial<ConfigRequest> = {}): Promise<string> {
    const error: unknown = await resolve(text, request).catch((reason: unknown) => reason);
    return error instanceof ConnectorError ? error.code : 'none';
  }

  const login = 'output: {username: u, password: "${PW}"}';

  it('beside the file gives its value before the environment', async () => {
    await keep({ PW: 'kept' });
    const { config, originOf } = await resolve(login, { env: { PW: 'other' } });
    expect(config?.output.password).to.equal('kept');
    expect(originOf('output.password')).to.equal(`${file}:1, keystore PW`);
  });

  it('leaves to the environment what it does not have', async () => {
    await keep({ OTHER: 'kept' });
    const { config, originOf } = await resolve(login, { env: { PW: 'given' } });
    expect(config?.output.password).to.equal('given');
    expect(originOf('output.password')).to.equal(`${file}:1, environment variable PW`);
  });

  it('is named in the fault of a name that nothing has', async () => {
    await keep({});
    const [fault] = (await resolve(login)).faults;
    expect(fault?.message).to.equal('needs PW, which neither the keystore nor the environment has');
    expect(fault?.remedy).to.contain('keystore set PW');
  });

  it('makes a secret of every value asked for, in whatever setting', async () => {
    await keep({ HOST: 'hidden.example', UNUSED: 'unused' });
    const { secrets, config } = await resolve('output: {hosts: ["https://${HOST}:9200"]}');
    expect(config?.output.hosts).to.deep.equal(['https://hidden.example:9200']);
    expect(secrets.redact('to hidden.example')).to.equal('to ***');
  });

  it('gives secrets to inputs', async () => {
    await keep({ KEY: 'kept-key' });
    const text = 'inputs: [{type: s3, bucket: aaa, access_key_id: k, secret_access_key: "${KEY}"}]';
    const { config, secrets, originOf } = await resolve(text);
    expect(config?.inputs[0]).to.include({ secret_access_key: 'kept-key' });
    expect(secrets.redact('kept-key')).to.equal('***');
    expect(originOf('inputs.0.secret_access_key')).to.contain('keystore KEY');
  });

  it('gives values of many lines as they are', async () => {
    await keep({ PW: 'one\ntwo: "${PW}"' });
    expect((await resolve(login)).config?.output.password).to.equal('one\ntwo: "${PW}"');
  });

  it('may be anywhere, as the file, the environment or --set say', async () => {
    await mkdir(join(folder, 'k'));
    const path = await keep({ PW: 'kept' }, join(folder, 'k', 'my.keystore'));
    const ways: [string, Partial<ConfigRequest>][] = [
      [`${login}\nkeystore: ${path}`, {}],
      [`${login}\nkeystore: "\${DIR}/k/my.keystore"`, { env: { DIR: folder } }],
      // Relative to the file.
      [`${login}\nkeystore: k/my.keystore`, {}],
      [login, { env: { CLOUDCONNEXA_ECS_KEYSTORE: path } }],
      [login, { set: [`keystore=${path}`] }],
    ];
    for (const [text, request] of ways) {
      expect((await resolve(text, request)).config?.output.password).to.equal('kept');
    }
  });

  it('must be there when it is named', async () => {
    expect(await refusal(`${login}\nkeystore: ${folder}/none`)).to.equal('CCX_KEYSTORE_MISSING');
  });

  it('opens with the password of the environment, or of the file that it names, which are secrets', async () => {
    await keep({ PW: 'kept' }, undefined, 'open sesame');
    const passwordFile = join(folder, 'pw');
    await writeFile(passwordFile, 'open sesame\n');
    for (const env of [
      { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD: 'open sesame' },
      { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE: passwordFile },
    ]) {
      const { config, secrets, faults } = await resolve(login, { env });
      expect(faults).to.deep.equal([]);
      expect(config?.output.password).to.equal('kept');
      expect(secrets.redact('open sesame')).to.equal('***');
    }
  });

  it('is not opened where no variable is used', async () => {
    await keep({ PW: 'kept' }, undefined, 'open sesame');
    expect((await resolve('output: {gzip: false}')).faults).to.deep.equal([]);
  });

  for (const [what, env] of [
    ['no password', {}],
    ['an unreadable password file', { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE: '/nonexistent/pw' }],
    [
      'a password and a password file',
      { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD: 'a', CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE: 'b' },
    ],
  ] as const) {
    it(`stays locked with ${what}`, async () => {
      await keep({ PW: 'kept' }, undefined, 'open sesame');
      expect(await refusal(login, { env })).to.equal('CCX_KEYSTORE_LOCKED');
    });
  }

  it('that others may read is refused', async () => {
    await chmod(await keep({ PW: 'kept' }), 0o644);
    expect(await refusal(login)).to.equal('CCX_KEYSTORE_PERMISSIONS');
  });
});
