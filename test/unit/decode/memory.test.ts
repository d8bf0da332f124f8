import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('stream-megabytes.ts', import.meta.url));
/** What the garbage of a longer run may add to the peak. A stream that was kept would add several times as much. */
const SLACK_KIB = 60 * 1024;

async function run(format: string, megabytes: number): Promise<{ events: number; rejects: number; peakKib: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    script,
    format,
    String(megabytes),
  ]);
  return JSON.parse(stdout) as { events: number; rejects: number; peakKib: number };
}

describe('memory of decoding', function () {
  this.timeout(60_000);

  for (const format of ['lines', 'array', 'gzip']) {
    it(`does not grow with the size of a stream (${format})`, async () => {
      const small = await run(format, 20);
      const large = await run(format, 300);
      expect([large.events, large.rejects]).to.deep.equal([300_000, 0]);
      expect(large.peakKib - small.peakKib).to.be.below(SLACK_KIB);
    });
  }
});
