import { expect } from 'chai';
import { lastRecord } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeEveryForm, writeLines } from '../support/event-files.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { installAssets, workplace } from '../support/workplace.js';

const texts = sampleTexts(600);

forEachEngine('shipping again', (engine) => {
  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  it('with a lost data_dir stores nothing twice', async function () {
    this.timeout(60_000);
    const place = await workplace(engine, { namespace: 'again' });
    await writeEveryForm(place.events, texts);
    await place.cli(['run', '--once']);
    await place.forget();
    const { code, stderr } = await place.cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: 0, duplicates: texts.length, rejected: 0 });
    expect(await place.stored.count()).to.equal(texts.length);
  });

  it('with the same data_dir sends nothing', async function () {
    this.timeout(60_000);
    const proxy = await startFaultProxy({ target: engine.running().url });
    const place = await workplace(engine, { namespace: 'again_kept', url: proxy.url });
    await writeEveryForm(place.events, texts);
    await place.cli(['run', '--once']);
    const sent = proxy.seen();
    const { code, stderr } = await place.cli(['run', '--once']);
    await proxy.close();
    expect(sent).to.be.above(0);
    expect([code, proxy.seen()], stderr).to.deep.equal([0, sent]);
  });

  it('knows an event in another file and in other white space', async function () {
    this.timeout(60_000);
    const place = await workplace(engine, { namespace: 'again_spaced' });
    const some = texts.slice(0, 50);
    const spaced = some.map((text) => JSON.stringify(JSON.parse(text), null, '\t '));
    await writeLines(`${place.events}/first.jsonl`, [...some, ...some.slice(0, 5)]);
    await writeLines(`${place.events}/spaced.json`, spaced);
    const summary = await place.ship();
    expect(summary).to.include({ indexed: 50, duplicates: 55, rejected: 0 });
    expect(await place.stored.count()).to.equal(50);
  });

  it('tells events apart that differ in one field', async function () {
    this.timeout(60_000);
    const place = await workplace(engine, { namespace: 'again_apart' });
    const event = JSON.parse(texts[0] ?? '') as { log: object };
    const others = [1, 2, 3].map((x) => JSON.stringify({ ...event, log: { ...event.log, x } }));
    await writeLines(`${place.events}/apart.jsonl`, [texts[0] ?? '', ...others]);
    expect(await place.ship()).to.include({ indexed: 4, duplicates: 0 });
    expect(await place.stored.count()).to.equal(4);
  });
});
