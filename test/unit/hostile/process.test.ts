import { expect } from 'chai';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCli, writeConfig } from '../../support/cli.js';
import { hostileTexts, UNPRINTABLE } from '../../support/hostile-texts.js';
import { tempDir } from '../../support/temp-dir.js';

/** What can be in the name of a file, and comes back from the file system as it was. */
const names = Object.values(hostileTexts).filter((text) => !/[\0/]/.test(text) && text.isWellFormed());

describe('the process', function () {
  this.timeout(60_000);

  it('tells of files with hostile names in harmless lines, and makes no file named after any', async () => {
    const cwd = await tempDir();
    const events = join(cwd, 'events');
    await mkdir(events);
    for (const name of names) await writeFile(join(events, name), 'no event\n');
    const files = names.map((name) => join('events', name));
    const { code, stderr } = await runCli(['map', ...files, 'not\u001b[2J\nthere'], { cwd });
    expect(code).to.equal(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('{'))).to.have.length(names.length);
    for (const line of lines) expect(line).not.to.match(UNPRINTABLE);
    expect(await readdir(cwd)).to.deep.equal(['events']);
    expect((await readdir(events)).sort()).to.deep.equal([...names].sort());
  });

  it('reads a bomb with little memory', async () => {
    const cwd = await tempDir();
    await writeConfig(cwd, { limits: { max_expanded_bytes: 100_000_000 } });
    const input = gzipSync(Buffer.concat([Buffer.from('{"traceId":"good"}\n{"a":"'), Buffer.alloc(120_000_000, 'x')]), {
      level: 1,
    });
    const env = { NODE_OPTIONS: '--max-old-space-size=64' };
    const { code, stdout, stderr } = await runCli(['map'], { cwd, input, env });
    expect(code, stderr).to.equal(3);
    expect(stdout.trimEnd().split('\n')).to.have.length(1);
    expect(stderr).to.contain('"too_large"').and.contain('"expansion_limit"');
  });
});
