import { expect } from 'chai';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCli, writeConfig } from '../../support/cli.js';
import { fileNames, UNPRINTABLE } from '../../support/hostile-texts.js';
import { tempDir } from '../../support/temp-dir.js';

const MEMBER_BYTES = 8_000_000;
const member = gzipSync(Buffer.alloc(MEMBER_BYTES, 'x'), { level: 1 });
const BOMB_MEMBERS = 40;
/** What the garbage of a longer run may add to the peak; the bomb, kept, would add three times as much. */
const SLACK_KIB = 100 * 1024;

/** Code that the process runs first: at its end it writes down the most memory that it ever had. */
const tellPeak = `data:text/javascript,${encodeURIComponent(`import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));`)}`;

describe('the process', function () {
  this.timeout(60_000);

  it('tells of files with hostile names in harmless lines, and makes no file named after any', async () => {
    const cwd = await tempDir();
    const events = join(cwd, 'events');
    await mkdir(events);
    for (const name of fileNames) await writeFile(join(events, name), 'no event\n');
    const files = fileNames.map((name) => join('events', name));
    const { code, stderr } = await runCli(['map', ...files, 'not\u001b[2J\nthere'], { cwd });
    expect(code).to.equal(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('{'))).to.have.length(fileNames.length);
    for (const line of lines) expect(line).not.to.match(UNPRINTABLE);
    expect(await readdir(cwd)).to.deep.equal(['events']);
    expect((await readdir(events)).sort()).to.deep.equal([...fileNames].sort());
  });

  it('reads a bomb with little memory', async () => {
    const small = await peakOf(1);
    const large = await peakOf(BOMB_MEMBERS);
    expect(large - small).to.be.below(SLACK_KIB);
  });
});

/** Peak of the resident memory, in KiB, of a process that reads so many members up to its limit. */
async function peakOf(members: number): Promise<number> {
  const cwd = await tempDir();
  await writeConfig(cwd, { limits: { max_expanded_bytes: (members - 0.5) * MEMBER_BYTES } });
  const input = Buffer.concat([gzipSync('{"traceId":"good"}\n{"a":"'), ...Array<Buffer>(members).fill(member)]);
  const file = join(cwd, 'peak');
  const env = { NODE_OPTIONS: `--import=${tellPeak}`, PEAK_FILE: file };
  const { code, stdout, stderr } = await runCli(['map'], { cwd, input, env });
  expect(code, stderr).to.equal(3);
  expect(stdout.trimEnd().split('\n')).to.have.length(1);
  expect(stderr).to.contain('"too_large"').and.contain('"expansion_limit"');
  return Number(await readFile(file, 'utf8'));
}
