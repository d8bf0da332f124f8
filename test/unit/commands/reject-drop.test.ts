import { expect } from 'chai';
import { truncate } from 'node:fs/promises';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { lockDataDir } from '../../../src/data-dir/lock.js';
import { openRejectStore } from '../../../src/reject.js';
import { afterTest } from '../../support/after-test.js';
import { runCli, writeConfig, type Ended } from '../../support/cli.js';
import { keep, linesOf, rejectFile, rejectOf, textsIn } from '../../support/reject-records.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const records = [rejectOf('a'), rejectOf('b', 1), { ...rejectOf('c', 2), reason: 'truncated' as const }];
const idOf = (n: number): string => records[n]?.id.slice(0, 12) ?? '';

describe('reject drop', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await tempDir();
    await writeConfig(folder, { data_dir: folder });
    await keep(await openRejectStore(folder), ...records);
  });
  const drop = (...args: string[]): Promise<Ended> => runCli(['reject', 'drop', ...args], { cwd: folder });

  it('takes out what is named by id, and prints it', async () => {
    const { code, stdout } = await drop(idOf(1));
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/\n {2}b\n/)
      .and.include('1 dropped.');
    expect(await textsIn(folder)).to.deep.equal(['a', 'c']);
  });

  it('takes out what was rejected for a reason, and gives its room back', async () => {
    expect(await drop('--reason', 'truncated')).to.include({ code: 0 });
    expect(await textsIn(folder)).to.deep.equal(['a', 'b']);
    expect(await linesOf(rejectFile(folder))).to.have.length(3);
  });

  it('takes out everything, also beside a connector that runs, which keeps its file', async () => {
    const lock = await lockDataDir(folder, { log: keepLog().log, signal: new AbortController().signal });
    afterTest(() => lock?.release() ?? Promise.resolve());
    expect((await drop('--all')).stdout).to.include('3 dropped.');
    expect(await textsIn(folder)).to.deep.equal([]);
    expect((await linesOf(rejectFile(folder))).length).to.be.above(3);
  });

  it('says first that records are missing, which what it writes would hide', async () => {
    const store = await openRejectStore(folder);
    await store.tidy();
    const checkpoint = await openCheckpoint(folder, { logger: keepLog().log, rejects: () => store.mark });
    await checkpoint.begin();
    await checkpoint.close();
    const path = rejectFile(folder);
    const [header, first] = await linesOf(path);
    await truncate(path, `${header}\n${first}\n`.length);
    expect((await drop('--all')).stderr).to.include('rejected events are missing');
    expect((await drop('--all')).stderr).not.to.include('missing');
  });

  it('ends with 1 for an id that no record has, and with 2 when nothing is chosen', async () => {
    const { code, stderr } = await drop('0123456789ab', idOf(0));
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('No record has 0123456789ab.\n')
      .and.not.include(`has ${idOf(0)}`);
    expect((await drop()).code).to.equal(2);
    expect((await drop('0')).code).to.equal(2);
    expect(await textsIn(folder)).to.deep.equal(['b', 'c']);
  });
});
