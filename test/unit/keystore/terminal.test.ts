import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKeystore, readKeystore } from '../../../src/keystore/store.js';
import { tempDir } from '../../support/temp-dir.js';
import { onTerminal } from '../../support/terminal.js';

describe('keystore on a terminal', function () {
  this.timeout(120_000);
  let path: string;
  let file: string;
  beforeEach(async () => {
    const folder = await tempDir();
    path = join(folder, 'cloudconnexa-ecs.keystore');
    file = join(folder, 'c.yml');
    await writeFile(file, 'output: {username: u, password: "${PW}"}\n', { mode: 0o600 });
  });

  const value = 'hunter2 пароль';

  it('asks for a value twice, and shows it neither on the screen nor in a list of processes', async () => {
    await createKeystore(path, '');
    const steps = [
      ['Value of PW: ', `${value}\r`],
      ['The same again: ', `${value}\r`],
    ] as const;
    const { screen, code, listed } = await onTerminal(['-c', file, 'keystore', 'set', 'PW'], steps);
    expect(screen).to.contain('Added PW.').and.not.contain('hunter2');
    expect(listed).to.contain('keystore set PW').and.not.contain('hunter2');
    expect(code).to.equal(0);
    expect(readKeystore(path, undefined).get('PW')).to.equal(value);
  });

  it('stores nothing when the two differ', async () => {
    await createKeystore(path, '');
    const steps = [
      ['Value of PW: ', 'hunter2\r'],
      ['The same again: ', 'hunter3\r'],
    ] as const;
    const { screen, code } = await onTerminal(['-c', file, 'keystore', 'set', 'PW'], steps);
    expect(screen)
      .to.contain('error CCX_KEYSTORE_VALUE: the two entries differ')
      .and.not.match(/hunter[23]/);
    expect([code, readKeystore(path, undefined).size]).to.deep.equal([2, 0]);
  });

  it('ends as by SIGINT at Ctrl-C', async () => {
    await createKeystore(path, '');
    const steps = [['Value of PW: ', 'hunter2\u0003']] as const;
    const { screen, code } = await onTerminal(['-c', file, 'keystore', 'set', 'PW'], steps);
    expect(screen).not.to.contain('hunter2');
    expect([code, readKeystore(path, undefined).size]).to.deep.equal([130, 0]);
  });

  it('asks for the password where the configuration needs it', async () => {
    const first = [
      ['empty: none): ', 'open sesame\r'],
      ['The same again: ', 'open sesame\r'],
    ] as const;
    const made = await onTerminal(['-c', file, 'keystore', 'create'], first);
    expect(made.screen).to.contain('with a password').and.not.contain('sesame');
    await writeFile(file, 'output: {namespace: "${NAMESPACE}"}\n', { mode: 0o600 });
    const steps = [['Password of the keystore: ', 'open sesame\r']] as const;
    const checked = await onTerminal(['-c', file, 'test', 'config'], steps, { NAMESPACE: 'lab' });
    expect(checked.screen).to.contain('OK: ').and.not.contain('sesame');
    expect(checked.code).to.equal(0);
  });
});
