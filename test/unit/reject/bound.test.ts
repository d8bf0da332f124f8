import { expect } from 'chai';
import { appendFile, stat, truncate } from 'node:fs/promises';
import { openRejectStore, type RejectStore } from '../../../src/reject.js';
import { keep, linesOf, rejectFile, rejectOf, textsIn } from '../../support/reject-records.js';
import { keepLog, type LogLine } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const LIMIT = 20_000;
const record = (n: number, size = 1000): ReturnType<typeof rejectOf> => rejectOf(`${n} ${'x'.repeat(size)}`, n);

describe('the bound of the reject store', () => {
  let directory: string;
  let store: RejectStore;
  let lines: LogLine[];

  beforeEach(async () => {
    directory = await tempDir();
    const { log, lines: logged } = keepLog();
    lines = logged;
    store = await openRejectStore(directory, { log, maxBytes: LIMIT });
  });
  const sizeNow = async (): Promise<number> => (await stat(rejectFile(directory))).size;

  /** Appends until the store takes no more. @returns how many it took, and what it said then */
  async function fill(): Promise<{ taken: number; error: unknown }> {
    for (let taken = 0; ; taken++) {
      const error = await keep(store, record(taken)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) return { taken, error };
    }
  }

  it('is kept: what does not fit is refused whole, and stays due', async () => {
    const { taken, error } = await fill();
    expect(error).to.include({ code: 'CCX_REJECT_FULL', place: rejectFile(directory) });
    expect(taken).to.be.within(13, 17);
    expect(await sizeNow()).to.be.at.most(LIMIT);
    expect(await textsIn(directory)).to.have.length(taken);
    expect(store.waitingBytes).to.be.above(1000);
  });

  it('is not written anew when it is full and nothing in it is dead', async () => {
    await fill();
    const { ino } = await stat(rejectFile(directory));
    const again = await openRejectStore(directory, { maxBytes: LIMIT });
    await again.tidy();
    expect(await keep(again, record(99)).catch((thrown: unknown) => thrown)).to.include({ code: 'CCX_REJECT_FULL' });
    expect((await stat(rejectFile(directory))).ino).to.equal(ino);
    expect(lines.map(({ level }) => level)).to.not.include('info');
  });

  it('counts damaged lines that were set aside, each once though a crash left it in both files', async () => {
    const damaged = `{"damaged":"${'y'.repeat(LIMIT / 2)}"}`;
    for (let crash = 0; crash < 3; crash++) {
      await appendFile(rejectFile(directory), `${damaged}\n`);
      await store.tidy();
    }
    expect(await linesOf(`${directory}/rejects/rejects.damaged.jsonl`)).to.deep.equal([damaged]);
    const { taken } = await fill();
    expect(taken).to.be.within(5, 8);
  });

  it('lets in what was due as soon as something was removed', async () => {
    const { taken } = await fill();
    const other = await openRejectStore(directory);
    await other.remove([record(0).id, record(1).id]);
    await store.flush();
    const texts = await textsIn(directory);
    expect(texts).to.have.length(taken - 1);
    expect(texts.at(-1)).to.equal(record(taken).event);
    expect(await sizeNow()).to.be.at.most(LIMIT);
  });

  it('does not count what was rejected twice', async () => {
    for (let i = 0; i < 50; i++) await keep(store, record(1));
    expect(await textsIn(directory)).to.have.length(1);
  });

  it('does not keep anybody from removing', async () => {
    const { taken } = await fill();
    await openRejectStore(directory, { maxBytes: 1 }).then((full) => full.remove([record(0).id]));
    expect(await textsIn(directory)).to.have.length(taken - 1);
  });

  it('is told once when it is near, in every run', async () => {
    const warned = (): LogLine[] => lines.filter(({ level }) => level === 'warn');
    await keep(store, ...Array.from({ length: 8 }, (_, n) => record(n)));
    expect(warned()).to.deep.equal([]);
    await fill();
    expect(warned()).to.have.length(1);
    expect(warned()[0]).to.include({ path: rejectFile(directory), limit: LIMIT });
    const { log, lines: logged } = keepLog();
    await (await openRejectStore(directory, { log, maxBytes: LIMIT })).tidy();
    expect(logged.map(({ message }) => message)).to.deep.equal([warned()[0]?.message]);
  });

  it('says what to set when one record alone is larger', async () => {
    const error = await keep(store, record(1, LIMIT)).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_REJECT_FULL' });
    expect(error)
      .to.have.property('remedy')
      .that.matches(/^Raise limits\.reject_store_bytes to \d+/);
    const wanted = Number(/\d+/.exec((error as { remedy: string }).remedy)?.[0]);
    const larger = await openRejectStore(directory, { maxBytes: wanted });
    await keep(larger, record(1, LIMIT));
    expect(await textsIn(directory)).to.have.length(1);
  });

  it('leaves no half line in the way of what comes after a write that failed', async () => {
    await keep(store, record(0), record(1));
    await truncate(rejectFile(directory), (await sizeNow()) - 500);
    await keep(store, record(1), record(2));
    expect(await textsIn(directory)).to.deep.equal([0, 1, 2].map((n) => record(n).event));
    await store.compact();
    expect(await linesOf(rejectFile(directory))).to.have.length(4);
  });
});
