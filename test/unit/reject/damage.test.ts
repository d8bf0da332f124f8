import { expect } from 'chai';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openRejectStore, type RejectStore } from '../../../src/reject.js';
import { parseLine, recordLine } from '../../../src/reject/lines.js';
import { seal } from '../../../src/seal.js';
import { flips, truncations } from '../../support/damage.js';
import { keep, linesOf, rejectFile, rejectOf, rejectsIn, textsIn } from '../../support/reject-records.js';
import { keepLog, type LogLine } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const records = [rejectOf('{"a":\u2028"ä\ufffd"'), rejectOf('b', 1), rejectOf('c', 2)];
const texts = records.map(({ event }) => event);

describe('damage to the reject store', () => {
  let directory: string;
  let path: string;
  let aside: string;
  let lines: LogLine[];

  beforeEach(async () => {
    directory = await tempDir();
    path = rejectFile(directory);
    aside = join(dirname(path), 'rejects.damaged.jsonl');
  });

  async function open(): Promise<RejectStore> {
    const { log, lines: logged } = keepLog();
    lines = logged;
    return openRejectStore(directory, { log });
  }
  const store = async (): Promise<Buffer> => {
    await keep(await open(), ...records);
    return readFile(path);
  };

  it('is seen in a line wherever it is cut off, and whichever byte of it is changed', () => {
    const whole = Buffer.from(recordLine(records[0] ?? rejectOf('')));
    for (const { what, bytes } of [...truncations(whole), ...flips(whole)])
      expect(parseLine(bytes, path).kind, what).to.equal('damaged');
  });

  it('costs the lines cut off and no other, and a line cut in two is told', async () => {
    const whole = await store();
    for (const { what, bytes } of truncations(whole)) {
      await writeFile(path, bytes);
      const { records: found, damaged } = await rejectsIn(directory);
      expect(found, what).to.deep.equal(records.slice(0, found.length));
      const isTorn = bytes.length > 0 && bytes.at(-1) !== 10 && whole[bytes.length] !== 10;
      expect(damaged, what).to.deep.equal(isTorn ? [`${path}:${bytes.toString('latin1').split('\n').length}`] : []);
    }
  });

  it('of a byte never gives other content, and is told', async () => {
    const whole = await store();
    for (const { what, bytes } of [...flips(whole)].filter((_, i) => i % 61 === 0)) {
      await writeFile(path, bytes);
      const { records: found, damaged } = await rejectsIn(directory);
      expect(records, what).to.deep.include.members(found);
      expect(damaged, what).to.not.deep.equal([]);
    }
  });

  it('is told at the start of a run, and the lines are set aside and not dropped', async () => {
    const whole = (await store()).toString();
    const altered = whole.replace('"event":"b"', '"event":"x"');
    await writeFile(path, altered);
    const next = await open();
    await next.tidy();
    expect(lines.filter(({ level }) => level === 'warn')).to.deep.include.members([
      { level: 'warn', message: lines[0]?.message, lines: 1, places: [`${path}:3`] },
    ]);
    expect(await textsIn(directory)).to.deep.equal([texts[0], 'c']);
    expect(await linesOf(aside)).to.deep.equal([altered.split('\n')[2]]);
    expect(await next.damagedFile()).to.equal(aside);
    await (await open()).tidy();
    expect(lines).to.deep.equal([]);
  });

  it('by a newer version is none: it is refused, unless its line is damaged', async () => {
    await store();
    const newer = seal({ format: 'cloudconnexa-ecs rejects', version: 3 });
    await writeFile(path, `${newer}\n{"whatever":1}\n`);
    const error = await open().catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_REJECT_VERSION', place: path });
    await writeFile(path, `${newer.replace('3', '4')}\n`);
    expect(await rejectsIn(directory)).to.deep.equal({ records: [], damaged: [`${path}:1`] });
  });

  it('is not what lines of version 1, without a checksum, have: they are read, and sealed by the next run', async () => {
    await mkdir(dirname(path));
    await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await appendFile(path, `{"removed":["${records[1]?.id ?? ''}"]}\n`);
    expect(await rejectsIn(directory)).to.deep.equal({ records: [records[0], records[2]], damaged: [] });
    await (await open()).tidy();
    expect(await rejectsIn(directory)).to.deep.equal({ records: [records[0], records[2]], damaged: [] });
    expect((await linesOf(path)).every((line) => line.includes('"sum":'))).to.equal(true);
  });

  it('is repaired by a person who takes the checksum out of a line', async () => {
    await store();
    const edited = (await readFile(path, 'utf8')).replace(/"event":"b"(.*),"sum":"\w+"/, '"event":"B"$1');
    await writeFile(path, edited);
    expect(await textsIn(directory)).to.deep.equal([texts[0], 'B', 'c']);
  });
});
