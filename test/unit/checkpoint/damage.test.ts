import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, readCheckpoint, type Checkpoint, type NewEntry } from '../../../src/checkpoint.js';
import { parse } from '../../../src/checkpoint/format.js';
import { errorKinds } from '../../../src/errors.js';
import { seal } from '../../../src/seal.js';
import { needsDevFull } from '../../support/dev-full.js';
import { flips, truncations } from '../../support/damage.js';
import { tempDir } from '../../support/temp-dir.js';

const FORMAT = 'cloudconnexa-ecs checkpoint';

function entry(offset: number): NewEntry {
  return { position: { offset, arrayDepth: 0 }, done: false, identity: { path: '/väg/\ufffd' } };
}

describe('damage to the checkpoint', () => {
  let directory: string;
  let current: string;
  let previous: string;
  let next: string;
  let logged: unknown[][];
  const logger = { warn: (...args: unknown[]): void => void logged.push(args) };
  const reopen = (): Promise<Checkpoint> => openCheckpoint(directory, { logger });
  const offset = async (): Promise<number | undefined> => (await reopen()).get('a')?.position.offset;
  const failure = (): Promise<unknown> => reopen().catch((error: unknown) => error);

  /** Two generations: offset 1, then offset 2. */
  beforeEach(async () => {
    directory = await tempDir();
    logged = [];
    [current, previous, next] = ['', '.previous', '.next'].map((name) => join(directory, `checkpoint${name}.json`)) as [
      string,
      string,
      string,
    ];
    const checkpoint = await reopen();
    checkpoint.set('a', entry(1));
    await checkpoint.flush();
    checkpoint.set('a', entry(2));
    await checkpoint.close();
  });

  it('is seen wherever the file is cut off, and whichever byte of it is changed', async () => {
    const whole = await readFile(current);
    for (const { what, bytes } of [...truncations(whole), ...flips(whole)])
      expect(parse(bytes, current), what).to.equal(undefined);
  });

  it('has the generation before used, and is told with the name of the file', async () => {
    const whole = await readFile(current);
    const changed = [...flips(whole)].filter((_, i) => i % 50 === 0);
    for (const { what, bytes } of [...truncations(whole), ...changed]) {
      logged = [];
      await writeFile(current, bytes);
      expect(await offset(), what).to.equal(1);
      expect(logged.map(([fields]) => fields)).to.deep.equal([{ path: current, used: previous }]);
      await writeFile(current, whole);
    }
  });

  it('to both generations is refused, and its remedy helps', async () => {
    for (const path of [current, previous]) await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await failure()).to.include({ code: 'CCX_CHECKPOINT_CORRUPT', place: current });
    expect(errorKinds.CCX_CHECKPOINT_CORRUPT.remedy).to.include('delete the files checkpoint*.json');
    await Promise.all([current, previous].map((path) => rm(path)));
    expect(await offset()).to.equal(undefined);
  });

  it('does not cost the last good generation when the next one is written', async () => {
    await writeFile(current, 'damaged');
    const checkpoint = await reopen();
    checkpoint.set('a', entry(3));
    await checkpoint.close();
    expect(await readFile(join(directory, 'checkpoint.damaged.json'), 'utf8')).to.equal('damaged');
    await writeFile(current, 'damaged again');
    expect(await offset()).to.equal(1);
  });

  it('is not repaired by those who only look', async () => {
    await writeFile(current, 'damaged');
    expect((await readCheckpoint(directory)).get('a')?.position.offset).to.equal(1);
    expect(await readFile(current, 'utf8')).to.equal('damaged');
  });

  it('that took the file away is told, too', async () => {
    await rm(current);
    expect(await offset()).to.equal(1);
    expect(logged.map(([fields]) => fields)).to.deep.equal([{ path: current, used: previous }]);
  });

  describe('by a crash', () => {
    it('in the very first write leaves a fresh data_dir', async () => {
      const whole = await readFile(current);
      await Promise.all([current, previous].map((path) => rm(path)));
      for (const { what, bytes } of truncations(whole)) {
        await writeFile(next, bytes);
        expect(await offset(), what).to.equal(undefined);
      }
      expect(logged).to.deep.equal([]);
    });

    it('while a later one is written leaves the one before it', async () => {
      const whole = await readFile(current);
      for (const { what, bytes } of truncations(whole)) {
        await writeFile(next, bytes);
        expect(await offset(), what).to.equal(2);
      }
      expect(logged).to.deep.equal([]);
    });

    it('between the two renames, and once more in the next write, leaves the newest whole one', async () => {
      await rename(current, next);
      expect(await offset()).to.equal(2);
      await writeFile(next, 'cut off');
      expect(await offset()).to.equal(2);
      expect(logged).to.deep.equal([]);
    });
  });

  describe('on a disk that is full', () => {
    before(needsDevFull);

    it('is none: the write fails, what was there stays, and the next write has everything', async () => {
      const checkpoint = await reopen();
      await symlink('/dev/full', next);
      checkpoint.set('a', entry(3));
      const error = await checkpoint.flush().catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'CCX_CHECKPOINT_WRITE', place: current });
      expect(error).to.have.property('message').that.includes('ENOSPC');
      expect(await offset()).to.equal(2);
      await rm(next);
      await checkpoint.close();
      expect(await offset()).to.equal(3);
    });
  });

  describe('or a newer version', () => {
    const newer = (): string => `${seal({ format: FORMAT, version: 4, whatever: [] })}\n`;

    it('is a newer version only when the file is whole', async () => {
      await writeFile(current, newer());
      expect(await failure()).to.include({ code: 'CCX_CHECKPOINT_VERSION', place: current });
      await writeFile(current, (await readFile(current, 'utf8')).replace('"version":4', '"version":5'));
      expect(await offset()).to.equal(1);
    });
  });

  describe('of an older version', () => {
    const sha256 = (value: object): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
    const entries = { a: entry(7) };
    const header = (version: number, sum: string): object => ({ format: FORMAT, version, sha256: sum });
    const version1 = { ...header(1, sha256(entries)), entries };
    const version2 = { ...header(2, sha256({ clean: true, entries })), clean: true, entries };

    it('is what version 1 does not have: it is read, and does not say how its run ended', async () => {
      await writeFile(current, JSON.stringify(version1));
      expect([(await reopen()).clean, await offset()]).to.deep.equal([false, 7]);
    });

    it('is what version 2 does not have: it is read', async () => {
      await writeFile(current, `${JSON.stringify(version2)}\n`);
      expect([(await reopen()).clean, await offset(), logged]).to.deep.equal([true, 7, []]);
    });

    it('never gives other content', () => {
      for (const file of [version1, version2]) {
        const whole = Buffer.from(`${JSON.stringify(file)}\n`);
        const { clean = false } = file as { clean?: boolean };
        for (const { what, bytes } of [...truncations(whole), ...flips(whole)]) {
          const found = parse(bytes, current);
          if (found !== undefined) expect(found, what).to.deep.equal({ clean, entries });
        }
      }
    });
  });
});
