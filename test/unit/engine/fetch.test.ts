import { expect } from 'chai';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchArtifact, mavenFault } from '../../../src/engine/fetch.js';
import { tempDir } from '../../support/temp-dir.js';

/** A MAVEN_HOME whose `mvn` is a shell script. */
async function mavenThat(script: string): Promise<NodeJS.ProcessEnv> {
  const home = await tempDir();
  await mkdir(join(home, 'bin'));
  await writeFile(join(home, 'bin', 'mvn'), `#!/bin/sh\n${script}\n`);
  await chmod(join(home, 'bin', 'mvn'), 0o755);
  return { ...process.env, MAVEN_HOME: home };
}

describe('fetching an engine', () => {
  it('gives the file that Maven brought', async () => {
    const folder = await tempDir();
    const file = await fetchArtifact('g:a:1:zip', folder, await mavenThat('echo x > a-1.zip'));
    expect(file).to.equal(join(folder, 'a-1.zip'));
    expect(await readdir(folder)).to.deep.equal(['a-1.zip']);
  });

  it('says that Maven is missing', async () => {
    const fault: unknown = await fetchArtifact('g:a:1:zip', await tempDir(), { PATH: '' }).catch((e: unknown) => e);
    expect(fault).to.have.property('code', 'CCX_ENGINE_NO_MAVEN');
  });

  it('tells what Maven said when it fails', async () => {
    const env = await mavenThat('echo "[INFO] x"; echo "[ERROR] Could not resolve g:a:1"; exit 1');
    const fault: unknown = await fetchArtifact('g:a:1:zip', await tempDir(), env).catch((e: unknown) => e);
    expect(fault).to.have.property('code', 'CCX_ENGINE_FETCH_FAILED');
    expect(fault).to.have.property('message', 'Maven could not fetch the engine: Could not resolve g:a:1');
  });

  it('fails when Maven ends well without a file', async () => {
    const env = await mavenThat('exit 0');
    const fault: unknown = await fetchArtifact('g:a:1:zip', await tempDir(), env).catch((e: unknown) => e);
    expect(fault).to.have.property('code', 'CCX_ENGINE_FETCH_FAILED');
  });

  it('shows no credentials of a mirror', () => {
    expect(mavenFault('[ERROR] from https://me:secret@mirror.test/x')).to.equal('from https://mirror.test/x');
  });
});
