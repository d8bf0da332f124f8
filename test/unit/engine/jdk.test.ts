import { expect } from 'chai';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findJdk, inspectJdk, javaMajor } from '../../../src/engine/jdk.js';
import { tempDir } from '../../support/temp-dir.js';
import { openFolder } from './open-folder.js';

/** A folder that looks like a JDK; `java -version` answers as a real one does, on stderr. */
async function fakeJdk(parent: string, version: string, release = true): Promise<string> {
  const home = join(parent, `jdk-${version}`);
  await mkdir(join(home, 'bin'), { recursive: true });
  const script = `#!/bin/sh\necho 'openjdk version "${version}" 2025-01-01' >&2\n`;
  for (const tool of ['java', 'jar', 'keytool']) await writeFile(join(home, 'bin', tool), script, { mode: 0o755 });
  if (release) await writeFile(join(home, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
  return home;
}

describe('finding a JDK', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await openFolder(await tempDir());
  });

  it('reads the feature release of new and old version texts', () => {
    expect(['17.0.15', '25', '1.8.0_402', 'x'].map(javaMajor)).to.deep.equal([17, 25, 8, undefined]);
  });

  it('takes JAVA_HOME before the usual folders', async () => {
    await fakeJdk(folder, '21.0.1');
    const home = await fakeJdk(await openFolder(await tempDir()), '25.0.1');
    expect(await findJdk({ minJava: 21 }, { JAVA_HOME: home }, [folder])).to.deep.equal({ home, major: 25 });
  });

  it('passes over a JAVA_HOME that is too old', async () => {
    const old = await fakeJdk(await openFolder(await tempDir()), '17.0.1');
    const home = await fakeJdk(folder, '21.0.1');
    expect(await findJdk({ minJava: 21 }, { JAVA_HOME: old }, [folder])).to.deep.equal({ home, major: 21 });
  });

  it('passes over a release that is too new', async () => {
    await fakeJdk(folder, '25.0.1');
    const home = await fakeJdk(folder, '8.0.1').then(() => fakeJdk(folder, '17.0.1'));
    expect((await findJdk({ minJava: 11, maxJava: 23 }, {}, [folder])).home).to.equal(home);
  });

  it('takes the numbered variables of build machines', async () => {
    const home = await fakeJdk(folder, '21.0.1');
    expect((await findJdk({ minJava: 21 }, { JAVA_HOME_21_X64: home }, [])).home).to.equal(home);
  });

  it('follows the java of the PATH to its JDK', async () => {
    const home = await fakeJdk(folder, '21.0.1');
    const bin = await openFolder(await tempDir());
    await symlink(join(home, 'bin', 'java'), join(bin, 'java'));
    expect((await findJdk({ minJava: 21 }, { PATH: bin }, [])).home).to.equal(home);
  });

  it('asks java itself where the release file is missing', async () => {
    const home = await fakeJdk(folder, '21.0.1', false);
    expect(await inspectJdk(home)).to.deep.equal({ home, major: 21 });
  });

  it('does not take a JRE, which lacks jar and keytool', async () => {
    await mkdir(join(folder, 'jre', 'bin'), { recursive: true });
    await writeFile(join(folder, 'jre', 'bin', 'java'), '', { mode: 0o755 });
    expect(await inspectJdk(join(folder, 'jre'))).to.equal(undefined);
  });

  it('says which releases it found when none fits', async () => {
    await fakeJdk(folder, '17.0.1');
    const fault: unknown = await findJdk({ minJava: 21 }, {}, [folder]).catch((error: unknown) => error);
    expect(fault).to.have.property('code', 'CCX_ENGINE_NO_JDK');
    expect(fault).to.have.property('message', 'This engine needs a JDK 21 or later; found only 17');
  });
});
