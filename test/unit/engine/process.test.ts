import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineSpec } from '../../../src/engine/catalog.js';
import { endGroup, hasEnded, launch, type LaunchOptions } from '../../../src/engine/process.js';
import { tempDir } from '../../support/temp-dir.js';

const moduleUrl = new URL('../../../src/engine/process.ts', import.meta.url).href;

/** An "engine" whose start script only sleeps, in folders that any uid may change. */
async function sleeper(): Promise<LaunchOptions> {
  const top = await tempDir();
  const [home, root] = [join(top, 'home'), join(top, 'run')];
  await mkdir(join(home, 'bin'), { recursive: true });
  await mkdir(root);
  for (const folder of [top, root]) await chmod(folder, 0o777);
  await writeFile(join(home, 'bin', 'opensearch'), 'exec sleep 600\n');
  const folders = { root, config: root, data: root, logs: root, temp: root, console: join(root, 'console.log') };
  const spec = engineSpec('opensearch-3');
  return { spec, home, jdkHome: '/none', folders, heapMiB: 1, longRunning: false, outlivesParent: false };
}

describe('the process of an engine', () => {
  it('ends with its group', async () => {
    const child = launch(await sleeper());
    expect(hasEnded(child)).to.equal(false);
    await endGroup(child, 'SIGTERM');
    expect(hasEnded(child)).to.equal(true);
  });

  it('ends, and its folder goes, when the process that started it is killed with SIGKILL', async function () {
    this.timeout(60_000);
    const options = await sleeper();
    const code = `import { launch } from '${moduleUrl}';
      launch(${JSON.stringify(options)}); console.log('launched'); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    while (existsSync(options.folders.root)) await sleep(50);
    expect(existsSync(options.folders.root)).to.equal(false);
  });
});
