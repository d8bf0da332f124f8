import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { packagePath } from '../../../src/package-root.js';

const cli = ['--import', 'tsx', packagePath('src/cli.ts')];

describe('the process', function () {
  this.timeout(60_000);

  it('ends with the exit code of the command', () => {
    const { status, stderr } = spawnSync(process.execPath, [...cli, 'mop'], { encoding: 'utf8', cwd: packagePath('') });
    expect(status).to.equal(2);
    expect(stderr).to.match(/^error CCX_USAGE/);
  });

  it('ends quietly when the reader of its output has gone', async () => {
    const child = spawn(process.execPath, [...cli, 'config', 'example'], { cwd: packagePath('') });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  /** Starts `test output` against a server that answers nothing from its `hangsFrom`-th request on. */
  async function hang(hangsFrom: number, act: (child: ChildProcess) => void): Promise<number | null> {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      if (requests < hangsFrom) response.end('{}');
      else act(child);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, [...cli, 'test', 'output', '-s', `output.hosts=${host}`], {
      cwd: packagePath(''),
    });
    const [code] = (await once(child, 'close')) as [number | null];
    server.closeAllConnections();
    server.close();
    return code;
  }

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`tells the command of ${signal} and ends with ${expected}`, async () => {
      expect(await hang(1, (child) => child.kill(signal))).to.equal(expected);
    });
  }

  it('ends at once at the second signal', async () => {
    // Told by the first, the command waits for the answer to what it has begun.
    const act = (child: ChildProcess): void => {
      child.kill('SIGTERM');
      const again = setInterval(() => child.kill('SIGTERM'), 50);
      child.once('close', () => clearInterval(again));
    };
    expect(await hang(2, act)).to.equal(143);
  });
});
