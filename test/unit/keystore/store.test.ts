import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { ConnectorError, type ErrorCode } from '../../../src/errors.js';
import { changeKeystore, createKeystore, readKeystore, type Change } from '../../../src/keystore/store.js';
import { tempDir } from '../../support/temp-dir.js';

async function refusal(act: () => unknown): Promise<ConnectorError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

function setting(name: string, value: string): Change {
  return { password: undefined, edit: (entries) => void entries.set(name, value) };
}

describe('a keystore on disk', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await tempDir();
    path = join(folder, 'a.keystore');
  });

  const refuses = async (code: ErrorCode, act: () => unknown, place = path): Promise<void> => {
    expect(await refusal(act)).to.include({ code, place });
  };

  it("is its owner's alone, and leaves nothing beside it", async () => {
    await createKeystore(path, '');
    await changeKeystore(path, setting('A', '1'));
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder)).to.deep.equal(['a.keystore']);
  });

  it('is made only where there is none', async () => {
    await createKeystore(path, '');
    await changeKeystore(path, setting('A', '1'));
    await refuses('CCX_KEYSTORE_EXISTS', () => createKeystore(path, ''));
    expect(readKeystore(path, undefined).get('A')).to.equal('1');
  });

  for (const mode of [0o640, 0o604, 0o620, 0o610]) {
    it(`is refused with mode 0${mode.toString(8)}, with the remedy`, async () => {
      await createKeystore(path, '');
      await chmod(path, mode);
      const error = await refusal(() => readKeystore(path, undefined));
      expect(error).to.include({ code: 'CCX_KEYSTORE_PERMISSIONS', place: path });
      expect(error.remedy).to.contain(`chmod 600 '${path}'`);
      await refuses('CCX_KEYSTORE_PERMISSIONS', () => changeKeystore(path, setting('A', '1')));
    });
  }

  it('is missed by its path', async () => {
    await refuses('CCX_KEYSTORE_MISSING', () => readKeystore(path, undefined));
    await refuses('CCX_KEYSTORE_MISSING', () => changeKeystore(path, setting('A', '1')));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('is no folder', async () => {
    await mkdir(path, { mode: 0o700 });
    await refuses('CCX_KEYSTORE_FILE', () => readKeystore(path, undefined));
  });

  it('is not made in a folder that is not there', async () => {
    const nowhere = join(folder, 'nowhere', 'a.keystore');
    await refuses('CCX_KEYSTORE_FILE', () => createKeystore(nowhere, ''), nowhere);
  });

  it('wants its password, and gets another', async () => {
    await createKeystore(path, 'one');
    await refuses('CCX_KEYSTORE_LOCKED', () => readKeystore(path, undefined));
    await changeKeystore(path, { ...setting('A', '1'), password: 'one', newPassword: 'two' });
    await refuses('CCX_KEYSTORE_PASSWORD', () => readKeystore(path, 'one'));
    expect(readKeystore(path, 'two').get('A')).to.equal('1');
  });

  it('stays where a link to it points', async () => {
    const link = join(folder, 'link');
    await createKeystore(path, '');
    await symlink(path, link);
    await changeKeystore(link, setting('A', '1'));
    expect(readKeystore(path, undefined).get('A')).to.equal('1');
  });

  it('stays as it was when a change fails', async () => {
    await createKeystore(path, '');
    const before = await readFile(path);
    const change = changeKeystore(path, {
      password: undefined,
      edit: () => {
        throw new ConnectorError('CCX_KEYSTORE_NAME', 'no');
      },
    });
    expect((await refusal(() => change)).code).to.equal('CCX_KEYSTORE_NAME');
    expect(await readFile(path)).to.deep.equal(before);
    expect(await readdir(folder)).to.deep.equal(['a.keystore']);
  });

  it('changed by several at once loses no change that was not refused', async () => {
    await createKeystore(path, '');
    const names = Array.from({ length: 12 }, (_, i) => `N${i}`);
    const outcomes = await Promise.allSettled(names.map((name) => changeKeystore(path, setting(name, name))));
    const done = names.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    for (const error of refused) expect(error).to.include({ code: 'CCX_KEYSTORE_BUSY', place: `${path}.new` });
    expect(done).not.to.deep.equal([]);
    expect([...readKeystore(path, undefined).keys()].sort()).to.deep.equal([...done].sort());
  });

  it('is whole, and says which file is in the way, after a writer died with a part of the next one written', async () => {
    await createKeystore(path, '');
    await writeFile(`${path}.new`, 'cloudconnexa-ecs keyst', { mode: 0o600 });
    expect(readKeystore(path, undefined).size).to.equal(0);
    await refuses('CCX_KEYSTORE_BUSY', () => changeKeystore(path, setting('A', '1')), `${path}.new`);
    await rm(`${path}.new`);
    await changeKeystore(path, setting('A', '1'));
  });

  it('has the old value or the new one whenever its writer is killed', async () => {
    await createKeystore(path, '');
    const program = fileURLToPath(new URL('keep-setting.ts', import.meta.url));
    for (const delayMs of [0, 3, 7, 12, 18]) {
      await changeKeystore(path, setting('N', '0'));
      const writer = spawn(process.execPath, ['--import', 'tsx', program, path]);
      let said = '';
      writer.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(writer.stdout, 'data');
      await wait(delayMs);
      writer.kill('SIGKILL');
      await once(writer, 'close');
      const last = Number(said.trimEnd().split('\n').at(-1));
      const value = readKeystore(path, undefined).get('N') ?? '';
      expect(Number.parseInt(value, 10)).to.be.oneOf([last, last + 1]);
      expect(value).to.match(/ x{60000}$/);
      await rm(`${path}.new`, { force: true });
    }
  });
});
