import { expect } from 'chai';
import { appendFile, rename } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { lastRecord } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { installAssets, workplace } from '../support/workplace.js';

const texts = sampleTexts(500, 10);
const part = (number: number): string[] => texts.slice(number * 100, number * 100 + 100);

forEachEngine('shipping without end', (engine) => {
  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  it('takes new files, appended lines and rotated files as they come, each event once', async function () {
    this.timeout(120_000);
    const place = await workplace(engine, {
      namespace: 'endless',
      output: { batch: { max_age_s: 0.05 } },
      input: { poll_interval_s: 0.05 },
    });
    const isStored = (count: number): Promise<void> => eventually(() => place.stored.count(), count);
    const log = `${place.events}/events.jsonl`;
    await writeLines(log, part(0));
    const child = place.start(['run']);
    await isStored(100);
    await writeLines(`${place.events}/new.json`, part(1));
    await isStored(200);
    await appendFile(log, `${part(2).join('\n')}\n`);
    await isStored(300);
    await rename(log, `${log}.1`);
    await appendFile(`${log}.1`, `${part(3).slice(0, 50).join('\n')}\n`);
    await writeLines(log, part(3).slice(50));
    await isStored(400);
    await appendFile(`${place.events}/packed.gz`, gzipSync(part(4).join('\n')));
    await isStored(500);
    child.child.kill('SIGTERM');
    const { code, stderr } = await child.ended;
    expect(code, stderr).to.equal(143);
    expect(lastRecord(stderr, 'Stopped')).to.include({ indexed: 500, duplicates: 0, rejected: 0 });
    const again = await place.cli(['run', '--once']);
    expect(lastRecord(again.stderr, 'Done')).to.include({ indexed: 0, duplicates: 0, rejected: 0 });
    expect(await place.stored.count()).to.equal(500);
  });

  it('waits for the end of a line that is being written', async function () {
    this.timeout(60_000);
    const [first = '', second = ''] = texts;
    const place = await workplace(engine, {
      namespace: 'unfinished',
      output: { batch: { max_age_s: 0.05 } },
      input: { poll_interval_s: 1 },
    });
    const log = `${place.events}/events.jsonl`;
    await appendFile(log, `${first}\n${second.slice(0, 200)}`);
    const child = place.start(['run']);
    await eventually(() => place.stored.count(), 1);
    await appendFile(log, `${second.slice(200)}\n`);
    await eventually(() => place.stored.count(), 2);
    child.child.kill('SIGTERM');
    const { code, stderr } = await child.ended;
    expect(code, stderr).to.equal(143);
    expect(lastRecord(stderr, 'Stopped')).to.include({ indexed: 2, rejected: 0 });
  });

  it('takes events from the standard input, set up by arguments alone', async function () {
    this.timeout(60_000);
    const place = await workplace(engine, { namespace: 'piped' });
    const settings = [
      `output.hosts=${engine.running().url}`,
      'output.namespace=piped',
      'inputs.0.type=stdin',
      `data_dir=${place.folder}/piped-data`,
    ];
    const args = ['run', '--once', ...settings.flatMap((setting) => ['--set', setting])];
    const { code, stderr } = await place.cli(args, { cwd: place.events, input: texts.join('\n') });
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: texts.length, duplicates: 0 });
    const packed = await place.cli(args, { cwd: place.events, input: gzipSync(texts.join(' ')) });
    expect(lastRecord(packed.stderr, 'Done')).to.include({ indexed: 0, duplicates: texts.length });
    expect(await place.stored.count()).to.equal(texts.length);
  });
});
