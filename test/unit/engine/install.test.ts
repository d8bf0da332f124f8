import { expect } from 'chai';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { engineSpec } from '../../../src/engine/catalog.js';
import { installEngine } from '../../../src/engine/install.js';
import { jvmOptions } from '../../../src/engine/layout.js';
import { engineCacheDir } from '../../../src/engine/place.js';
import { freePorts } from '../../../src/engine/ports.js';
import { tempDir } from '../../support/temp-dir.js';
import { openFolder } from './open-folder.js';

describe('installing an engine', () => {
  it('uses what the cache holds without fetching or telling anything', async () => {
    const cacheDir = await tempDir();
    await mkdir(join(cacheDir, 'opensearch-3.8.0'));
    const said: string[] = [];
    const options = { jdkHome: '/none', cacheDir, onProgress: (message: string) => void said.push(message) };
    const home = await installEngine(engineSpec('opensearch-3'), options);
    expect(home).to.equal(join(cacheDir, 'opensearch-3.8.0'));
    expect(said).to.deep.equal([]);
  });

  it('leaves nothing in the cache when fetching fails', async () => {
    const cacheDir = await mkdtemp(join(await tempDir(), 'cache-'));
    const saved = process.env['MAVEN_HOME'];
    process.env['MAVEN_HOME'] = cacheDir;
    const options = { jdkHome: '/none', cacheDir };
    const fault: unknown = await installEngine(engineSpec('opensearch-3'), options).catch((e: unknown) => e);
    if (saved === undefined) delete process.env['MAVEN_HOME'];
    else process.env['MAVEN_HOME'] = saved;
    expect(fault).to.have.property('code', 'CCX_ENGINE_NO_MAVEN');
    expect(await readdir(cacheDir)).to.deep.equal([]);
  });

  it('keeps engines in XDG_CACHE_HOME when that is set', async () => {
    const cache = await openFolder(await tempDir());
    expect(await engineCacheDir({ XDG_CACHE_HOME: cache })).to.equal(join(cache, 'cloudconnexa-ecs', 'engines'));
  });

  it('drops JVM options that write into the unpacked engine', () => {
    const text = '-XX:+UseG1GC\n9-:-Xlog:gc*:file=logs/gc.log\n-XX:HeapDumpPath=data\n-XX:ErrorFile=logs/e.log\n-Da=b';
    expect(jvmOptions(text)).to.equal('-XX:+UseG1GC\n-Da=b');
  });

  it('gives two different ports', async () => {
    const { http, transport } = await freePorts();
    expect(http).to.be.greaterThan(0).and.not.equal(transport);
  });
});
