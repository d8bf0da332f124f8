import { expect } from 'chai';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { come } from '../../chaos/come.js';
import { Keeper } from '../../chaos/keeper.js';
import { tempDir } from '../../support/temp-dir.js';

/** The first process there is ends when it is told to by a file; later ones stay. */
const PROGRAM = `
import { existsSync, writeFileSync } from 'node:fs';
const first = !existsSync('begun');
writeFileSync('begun', '');
setInterval(() => first && existsSync('end') && process.exit(1), 10);
`;

describe('the keeper of a process', () => {
  it('lets no second one outlive the first, whose next life it would keep out', async () => {
    const cwd = await tempDir();
    const log = join(cwd, 'log');
    const keeper = new Keeper({ args: ['--input-type=module', '-e', PROGRAM, 'run'], cwd, env: {} }, log);
    keeper.start();
    const exists = (): Promise<boolean> =>
      access(join(cwd, 'begun')).then(
        () => true,
        () => false,
      );
    expect(await come(exists, 30_000)).to.equal(true);
    const beside = keeper.beside(60_000);
    await writeFile(join(cwd, 'end'), '');
    expect(await come(() => keeper.deaths.length === 1, 30_000)).to.equal(true);
    // Between two lives there is none to be beside of.
    expect(await keeper.beside(60_000)).to.equal(undefined);
    expect((await beside)?.signal).to.equal('SIGKILL');
    await come(() => keeper.lives === 2, 30_000);
    await keeper.stop('SIGKILL');
    keeper.close();
    const ends = (await readFile(log, 'utf8')).split('\n').filter((line) => /"(started|ended)"/.test(line));
    const order = ends.map((line) => Object.keys(JSON.parse(line) as object)[0]);
    expect(order).to.deep.equal(['started', 'started', 'ended', 'ended', 'started', 'ended']);
  });
});
