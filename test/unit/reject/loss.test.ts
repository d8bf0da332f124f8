import { expect } from 'chai';
import { appendFile, cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { tellRejectLoss } from '../../../src/reject-loss.js';
import { openRejectStore, type RejectStore } from '../../../src/reject.js';
import { seal } from '../../../src/seal.js';
import { keep, rejectFile, rejectOf } from '../../support/reject-records.js';
import { keepLog, type LogLine } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const [a, b, c] = [rejectOf('a'), rejectOf('b', 1), rejectOf('c', 2)];

describe('records missing from the end of the reject store', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await tempDir();
    path = rejectFile(directory);
  });

  /** What a run does with data_dir. @returns what it warned of */
  async function run(work: (store: RejectStore) => Promise<void> = () => Promise.resolve()): Promise<LogLine[]> {
    const { log, lines } = keepLog();
    const store = await openRejectStore(directory, { log });
    await tellRejectLoss(directory, log);
    await store.tidy();
    const checkpoint = await openCheckpoint(directory, { logger: log, rejects: () => store.mark });
    await checkpoint.begin();
    await work(store);
    checkpoint.set('a', { position: { offset: 1, arrayDepth: 0 }, done: false });
    await checkpoint.close();
    return lines.filter(({ level }) => level === 'warn');
  }
  /** What `reject list` says. */
  async function told(): Promise<unknown[]> {
    const { log, lines } = keepLog();
    await tellRejectLoss(directory, log);
    return lines.map(({ path: place, bytes }) => [place, bytes]);
  }

  it('are told, wherever the file is cut, by how much it is shorter', async () => {
    await run((store) => keep(store, a, b, c));
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      expect(await told()).to.deep.equal([[path, whole.length - length]]);
    }
  });

  it('are told when the file is gone', async () => {
    await run((store) => keep(store, a));
    const { length } = await readFile(path);
    await rm(path);
    expect(await told()).to.deep.equal([[path, length]]);
  });

  it('are told by the next run, before it writes the store anew, and by no other', async () => {
    await run((store) => keep(store, a, b));
    const { length } = await readFile(path);
    await run((store) => keep(store, c));
    await truncate(path, length);
    await appendFile(path, 'damaged, so that it is written anew\n');
    expect((await run())[0]?.message).to.match(/^rejected events are missing/);
    expect(await run()).to.deep.equal([]);
  });

  it('are told of what was rejected by a run before, too', async () => {
    await run((store) => keep(store, a));
    await run();
    await truncate(path, 10);
    expect(await told()).to.have.length(1);
  });

  for (const [what, lose, write] of [
    ['cut, when it next rejects', (from) => truncate(path, from), (store) => keep(store, c)],
    ['cut, when it writes the store anew', (from) => truncate(path, from), (store) => store.compact()],
    ['removed, when it next rejects', () => rm(path), (store) => keep(store, c)],
  ] as readonly [string, (from: number) => Promise<void>, (store: RejectStore) => Promise<void>][])
    it(`are told by the run under which the file is ${what}, and by no other`, async () => {
      const told = await run(async (store) => {
        await keep(store, a);
        const { length } = await readFile(path);
        await keep(store, b);
        await lose(length);
        await write(store);
      });
      expect(told.map(({ message }) => message)).to.have.length(1);
      expect(told[0]?.message).to.match(/^rejected events are missing/);
      expect(await run()).to.deep.equal([]);
    });

  describe('are not told', () => {
    const nothing = async (): Promise<void> => {
      expect(await told()).to.deep.equal([]);
      expect(await run()).to.deep.equal([]);
    };

    it('where nothing was rejected, or nothing ever ran', async () => {
      await nothing();
      await run((store) => keep(store, a));
    });

    it('when records were taken out and the file was written anew', async () => {
      await run((store) => keep(store, a, b, c));
      const other = await openRejectStore(directory);
      await other.remove([a.id, b.id]);
      await other.compact();
      await nothing();
    });

    it('when a run wrote it anew and was killed before it wrote a position', async () => {
      await run((store) => keep(store, a, b, a, b));
      await (await openRejectStore(directory)).compact();
      await nothing();
    });

    it('when another process appended what a crash cut off: it was not acknowledged', async () => {
      await run((store) => keep(store, a));
      const { length } = await readFile(path);
      await (await openRejectStore(directory)).remove([b.id]);
      await truncate(path, length + 20);
      expect(await told()).to.deep.equal([]);
    });

    it('in a data_dir put back from a copy', async () => {
      await run((store) => keep(store, a));
      const copy = join(await tempDir(), 'copy');
      await cp(directory, copy, { recursive: true });
      await run((store) => keep(store, b, c));
      await rm(directory, { recursive: true });
      await cp(copy, directory, { recursive: true });
      await nothing();
    });

    it('when the checkpoint before is used', async () => {
      await run((store) => keep(store, a));
      await run((store) => keep(store, b));
      await rm(join(directory, 'checkpoint.json'));
      expect(await told()).to.deep.equal([]);
    });

    it('of a file that has no name, as those of older versions', async () => {
      await run((store) => keep(store, a));
      const [, ...lines] = (await readFile(path, 'utf8')).split('\n');
      const header = seal({ format: 'cloudconnexa-ecs rejects', version: 2 });
      await rm(dirname(path), { recursive: true });
      await run();
      await openRejectStore(directory);
      await writeFile(path, [header, ...lines].join('\n'));
      await run((store) => keep(store, b));
      await truncate(path, header.length + 1);
      await nothing();
    });
  });
});
